package main

import (
	"context"
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

// service counts what it answers, as Prometheus' own client library for Go does: by the label "code".
type service struct {
	version    string
	errorShare float64
	faultAfter time.Duration
	born       time.Time
	closing    atomic.Bool

	mutex    sync.Mutex
	answers  map[int]uint64
	observed []uint64
	sum      float64
}

func newService() (*service, error) {
	s := &service{version: os.Getenv("VERSION"), born: time.Now(), answers: map[int]uint64{200: 0}, observed: make([]uint64, len(buckets)+1)}
	if text := os.Getenv("ERRORS"); text != "" {
		percent, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
		if err != nil {
			return nil, err
		}
		s.errorShare = percent / 100
	}
	if text := os.Getenv("FAULT_AFTER"); text != "" {
		after, err := time.ParseDuration(text)
		if err != nil {
			return nil, err
		}
		s.faultAfter = after
	}
	return s, nil
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
	if r.URL.Path == "/" && time.Since(s.born) >= s.faultAfter && rand.Float64() < s.errorShare {
		status = http.StatusInternalServerError
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
