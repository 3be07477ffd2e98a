// The released application of the end-to-end run, and the prober that tells which version answered:
//
//	app serve                                  VERSION, LATENCY=20ms, READY_AFTER=20s (/health answers 503 until then) and
//	                                           WARM_UP=90s (three times as slow at first) from the environment; so are the
//	                                           faults ERRORS=8%, SLOWER=3x and LEAK=9Mi
//	                                           (a minute), which begin FAULT_AFTER=20s, or "told" by a POST to /fault,
//	                                           and last FAULT_FOR=30s, or to the end
//	app probe URL RATE SECONDS OUT.json        half of the requests on kept connections, half on fresh ones,
//	                                           until SIGINT, SECONDS at most
package main

import (
	"fmt"
	"os"
)

func main() {
	commands := map[string]func([]string) error{"serve": serve, "probe": probe}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: app serve | app probe URL RATE SECONDS OUT.json")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "app:", err)
		os.Exit(1)
	}
}
