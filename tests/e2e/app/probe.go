package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// seen is what one kind of connection met of one version.
type seen struct {
	Answers int       `json:"answers"`
	Errors  int       `json:"errors"`
	First   time.Time `json:"first"`
	Last    time.Time `json:"last"`
	// LastBegun is when the request was sent that Last answered.
	LastBegun time.Time `json:"last_begun"`

	FirstError *time.Time `json:"first_error,omitempty"`
}

// report is what a probe leaves: counts by "kept" and "fresh", then by version.
type report struct {
	mutex    sync.Mutex
	Requests int                         `json:"requests"`
	Failed   int                         `json:"failed"` // connections, not statuses
	Reasons  []string                    `json:"reasons"`
	Seen     map[string]map[string]*seen `json:"seen"`
}

func (r *report) note(kind string, response *http.Response, err error, begun, at time.Time) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.Requests++
	if err != nil {
		r.Failed++
		if len(r.Reasons) < 10 {
			r.Reasons = append(r.Reasons, at.Format(time.RFC3339Nano)+" "+err.Error())
		}
		return
	}
	version := response.Header.Get("X-App-Version")
	if r.Seen[kind] == nil {
		r.Seen[kind] = map[string]*seen{}
	}
	if r.Seen[kind][version] == nil {
		r.Seen[kind][version] = &seen{First: at}
	}
	entry := r.Seen[kind][version]
	entry.Answers++
	entry.Last, entry.LastBegun = at, begun
	if response.StatusCode >= 500 {
		entry.Errors++
		if entry.FirstError == nil {
			entry.FirstError = &at
		}
	}
}

func client(kept bool) *http.Client {
	return &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: !kept, MaxIdleConnsPerHost: 1, MaxConnsPerHost: 1}}
}

// connectionLife is how long a kept connection lives: users come and go, and each keeps its connection while it is here.
const connectionLife = 8 * time.Second

// user sends one request each interval until the load is over.
func user(over context.Context, url, kind string, interval time.Duration, to *report) {
	http := client(kind == "kept")
	tick := time.NewTicker(interval)
	defer tick.Stop()
	renewed := time.Now().Add(-rand.N(connectionLife)) // not all at once
	for over.Err() == nil {
		if time.Since(renewed) > connectionLife {
			http.CloseIdleConnections()
			renewed = time.Now()
		}
		begun := time.Now()
		response, err := http.Get(url)
		at := time.Now()
		if err == nil {
			_, err = io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
		to.note(kind, response, err, begun.UTC(), at.UTC())
		<-tick.C
	}
}

func probe(arguments []string) error {
	if len(arguments) != 4 {
		return fmt.Errorf("probe takes URL RATE SECONDS OUT.json")
	}
	rate, err := strconv.Atoi(arguments[1])
	if err != nil {
		return err
	}
	seconds, err := strconv.Atoi(arguments[2])
	if err != nil {
		return err
	}
	result := &report{Reasons: []string{}, Seen: map[string]map[string]*seen{}}
	bounded, cancel := context.WithTimeout(context.Background(), time.Duration(seconds)*time.Second)
	defer cancel()
	over, stop := signal.NotifyContext(bounded, syscall.SIGINT)
	defer stop()
	const each = 10 // requests a second of one user
	var users sync.WaitGroup
	for i := 0; i < rate/each; i++ {
		kind := []string{"kept", "fresh"}[i%2]
		users.Add(1)
		go func() {
			defer users.Done()
			user(over, arguments[0], kind, time.Second/each, result)
		}()
	}
	users.Wait()
	text, err := json.MarshalIndent(result, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(arguments[3], append(text, '\n'), 0o644)
}
