package main

import (
	"bytes"
	"time"
)

// measurement is the time of one execution of a parsed template.
type measurement struct {
	Nanoseconds float64 `json:"ns,omitempty"`
	Runs        int     `json:"runs,omitempty"`
	Error       string  `json:"error,omitempty"`
}

// parsedCases keeps what was parsed: a slice of a benchmark measures execution alone.
var parsedCases = map[string]*prepared{}

// measure executes a case over and over for about so long.
func measure(asked testCase, duration time.Duration) measurement {
	key := asked.Name + "\x00" + asked.Funcs + "\x00" + asked.Template + "\x00" + string(asked.Data)
	ready, known := parsedCases[key]
	if !known {
		fresh, failed := prepare(asked)
		if failed != nil {
			return measurement{Error: failed.err.Error()}
		}
		ready = fresh
		parsedCases[key] = ready
	}
	var out bytes.Buffer
	runs := 0
	start := time.Now()
	for runs == 0 || time.Since(start) < duration {
		out.Reset()
		if err := ready.template.Execute(&out, ready.data); err != nil {
			return measurement{Error: err.Error()}
		}
		runs++
	}
	return measurement{Nanoseconds: float64(time.Since(start).Nanoseconds()) / float64(runs), Runs: runs}
}
