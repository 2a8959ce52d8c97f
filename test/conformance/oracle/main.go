// The conformance oracle: real Go text/template with Sprig's functions and sigs.k8s.io/yaml.
// It reads JSON lines and answers each with one JSON line:
//
//	{"id", "template" or "content", "data", "name", "delims", "missingkey", "funcs", "numbers"}
//	    -> {"id", "output"} or {"id", "objects"} or {"id", "error", "phase"}
//	{"bench": CASE, "milliseconds": 20}  -> {"ns": nanoseconds of one execution, "runs": executions}
//	{"functions": "sprig"}               -> {"functions": [names]}
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"log"
	"os"
	"time"
)

// maxLine is the longest line that is read, in bytes.
const maxLine = 256 << 20

// request is one line of input; a plain case has neither bench nor functions.
type request struct {
	testCase
	Bench        *testCase `json:"bench"`
	Milliseconds int       `json:"milliseconds"`
	Functions    *string   `json:"functions"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), maxLine)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for lines.Scan() {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if err := encoder.Encode(answerLine(line)); err != nil {
			log.Fatal(err)
		}
		if err := out.Flush(); err != nil {
			log.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
}

func answerLine(line []byte) interface{} {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: err.Error(), Phase: "input"}
	}
	switch {
	case asked.Bench != nil:
		return measure(*asked.Bench, time.Duration(asked.Milliseconds)*time.Millisecond)
	case asked.Functions != nil:
		return listFunctions(*asked.Functions)
	}
	return evaluate(asked.testCase)
}
