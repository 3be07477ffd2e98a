package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5}

// told is when a fault begins that waits for a POST to /fault: later than any release.
const told = 1000 * time.Hour

// service counts what it answers, as Prometheus' own client library for Go does: by the label "code".
type service struct {
	version     string
	latency     time.Duration // an answer takes half of it to one and a half
	errorShare  float64
	slower      float64 // times, while the fault lasts
	leak        float64 // MiB a minute, likewise
	warmUp      time.Duration
	readyAt     time.Time
	faultFor    time.Duration // 0: to the end
	faultBegins atomic.Int64  // Unix nanoseconds
	firstAnswer atomic.Int64  // likewise; 0: nobody asked yet
	closing     atomic.Bool

	mutex    sync.Mutex
	answers  map[int]uint64
	observed []uint64
	sum      float64
}

// number reads what stands before `unit`; 0 where the variable is not set.
func number(variable, unit string) (float64, error) {
	text := os.Getenv(variable)
	if text == "" {
		return 0, nil
	}
	return strconv.ParseFloat(strings.TrimSuffix(text, unit), 64)
}

func duration(variable string) (time.Duration, error) {
	switch text := os.Getenv(variable); text {
	case "":
		return 0, nil
	case "told":
		return told, nil
	default:
		return time.ParseDuration(text)
	}
}

func newService() (*service, error) {
	s := &service{version: os.Getenv("VERSION"), answers: map[int]uint64{200: 0}, observed: make([]uint64, len(buckets)+1)}
	var errs [8]error
	s.errorShare, errs[0] = number("ERRORS", "%")
	s.errorShare /= 100
	s.slower, errs[1] = number("SLOWER", "x")
	s.leak, errs[2] = number("LEAK", "Mi")
	s.latency, errs[3] = duration("LATENCY")
	s.warmUp, errs[4] = duration("WARM_UP")
	s.faultFor, errs[5] = duration("FAULT_FOR")
	faultAfter, err := duration("FAULT_AFTER")
	errs[6] = err
	readyAfter, err := duration("READY_AFTER")
	errs[7] = err
	s.readyAt = time.Now().Add(readyAfter)
	s.faultBegins.Store(time.Now().Add(faultAfter).UnixNano())
	return s, errors.Join(errs[:]...)
}

func (s *service) isFaulty() bool {
	lasted := time.Since(time.Unix(0, s.faultBegins.Load()))
	return lasted >= 0 && (s.faultFor == 0 || lasted < s.faultFor)
}

// coldness is 1 at the first answer and 0 once warm.
func (s *service) coldness() float64 {
	first := s.firstAnswer.Load()
	if s.warmUp == 0 || first == 0 {
		return 0
	}
	return max(0, 1-float64(time.Since(time.Unix(0, first)))/float64(s.warmUp))
}

// delay is how long an answer takes that nothing is wrong with but the fault and the cold.
func (s *service) delay() time.Duration {
	times := (0.5 + rand.Float64()) * (1 + 2*s.coldness())
	if s.slower > 0 && s.isFaulty() {
		times *= s.slower
	}
	return time.Duration(times * float64(s.latency))
}

// warm uses most of a fifth of a core while it is cold, as compilers at run time do.
func (s *service) warm() {
	for tick := range time.Tick(100 * time.Millisecond) {
		for s.coldness() > 0 && time.Since(tick) < 16*time.Millisecond {
		}
	}
}

// grow keeps what it allocates and writes to all of it: only pages that are written count.
func (s *service) grow() {
	var kept [][]byte
	for range time.Tick(time.Second) {
		if !s.isFaulty() {
			continue
		}
		kept = append(kept, bytes.Repeat([]byte{1}, int(s.leak*(1<<20)/60)))
	}
}

func (s *service) count(status int, took time.Duration) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.answers[status]++
	s.sum += took.Seconds()
	for i, limit := range buckets {
		if took.Seconds() <= limit {
			s.observed[i]++
			return
		}
	}
	s.observed[len(buckets)]++
}

func (s *service) answer(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	w.Header().Set("X-App-Version", s.version)
	if s.closing.Load() {
		w.Header().Set("Connection", "close")
	}
	status := http.StatusOK
	if r.URL.Path == "/" {
		s.firstAnswer.CompareAndSwap(0, start.UnixNano())
		if s.isFaulty() && rand.Float64() < s.errorShare {
			status = http.StatusInternalServerError
		}
		time.Sleep(s.delay())
	}
	if r.URL.Path == "/health" && time.Now().Before(s.readyAt) {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"version":%q,"status":"ok"}`, s.version)
	if r.URL.Path == "/" {
		s.count(status, time.Since(start))
	}
}

func (s *service) metrics(w http.ResponseWriter, _ *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for status, count := range s.answers {
		fmt.Fprintf(w, "http_requests_total{code=\"%d\"} %d\n", status, count)
	}
	var below uint64
	for i, limit := range buckets {
		below += s.observed[i]
		fmt.Fprintf(w, "http_request_duration_seconds_bucket{le=\"%g\"} %d\n", limit, below)
	}
	below += s.observed[len(buckets)]
	fmt.Fprintf(w, "http_request_duration_seconds_bucket{le=\"+Inf\"} %d\n", below)
	fmt.Fprintf(w, "http_request_duration_seconds_sum %g\nhttp_request_duration_seconds_count %d\n", s.sum, below)
}

// serve ends in order after SIGTERM: for two seconds endpoints and clients may still come, and every answer says that
// the connection ends; then the listener closes.
func serve(_ []string) error {
	s, err := newService()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", s.answer)
	mux.HandleFunc("/metrics", s.metrics)
	mux.HandleFunc("POST /fault", func(http.ResponseWriter, *http.Request) { s.faultBegins.Store(time.Now().UnixNano()) })
	if s.warmUp > 0 {
		go s.warm()
	}
	if s.leak > 0 {
		go s.grow()
	}
	server := &http.Server{Addr: ":8080", Handler: mux}
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	ended := make(chan error, 1)
	go func() {
		<-terminated
		s.closing.Store(true)
		time.Sleep(2 * time.Second)
		limit, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		ended <- server.Shutdown(limit)
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return <-ended
}
