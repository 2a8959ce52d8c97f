package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"text/template"

	"sigs.k8s.io/yaml"
)

// testCase is a template, or a content object, with its data and options.
type testCase struct {
	ID         json.RawMessage `json:"id"`
	Template   string          `json:"template"`
	Content    json.RawMessage `json:"content"`
	Data       json.RawMessage `json:"data"`
	Name       string          `json:"name"`
	Delims     []string        `json:"delims"`
	MissingKey string          `json:"missingkey"`
	Funcs      string          `json:"funcs"`
	Numbers    string          `json:"numbers"`
}

// answer is what came of a case: output, objects, or an error and the phase it happened in.
type answer struct {
	ID      json.RawMessage   `json:"id,omitempty"`
	Output  *string           `json:"output,omitempty"`
	Objects []json.RawMessage `json:"objects,omitempty"`
	Error   string            `json:"error,omitempty"`
	Phase   string            `json:"phase,omitempty"`
}

// failure is an error of a phase.
type failure struct {
	phase string
	err   error
}

func evaluate(asked testCase) (result answer) {
	defer func() {
		if reason := recover(); reason != nil {
			result = answer{Error: fmt.Sprint("panic: ", reason), Phase: "panic"}
		}
		result.ID = asked.ID
	}()
	ready, failed := prepare(asked)
	if failed != nil {
		return answer{Error: failed.err.Error(), Phase: failed.phase}
	}
	text, err := ready.run()
	if err != nil {
		return answer{Error: err.Error(), Phase: "exec"}
	}
	if len(asked.Content) == 0 {
		return answer{Output: &text}
	}
	objects, err := readDocuments(text)
	if err != nil {
		return answer{Error: err.Error(), Phase: "yaml"}
	}
	return answer{Objects: objects}
}

// prepared is a parsed template and its decoded data.
type prepared struct {
	template *template.Template
	data     interface{}
}

func (p prepared) run() (string, error) {
	var out bytes.Buffer
	err := p.template.Execute(&out, p.data)
	return out.String(), err
}

func prepare(asked testCase) (*prepared, *failure) {
	data, err := decodeData(asked.Data, asked.Numbers == "int64")
	if err != nil {
		return nil, &failure{"data", err}
	}
	text := asked.Template
	if len(asked.Content) > 0 {
		written, err := yaml.JSONToYAML(asked.Content)
		if err != nil {
			return nil, &failure{"content", err}
		}
		text = string(written)
	}
	parsed, err := parse(asked, text)
	if err != nil {
		return nil, &failure{"parse", err}
	}
	return &prepared{parsed, data}, nil
}

func parse(asked testCase, text string) (*template.Template, error) {
	name := asked.Name
	if name == "" {
		name = "t"
	}
	created := template.New(name).Funcs(functionsOf(asked.Funcs))
	if len(asked.Delims) == 2 {
		created = created.Delims(asked.Delims[0], asked.Delims[1])
	}
	if asked.MissingKey != "" {
		created = created.Option("missingkey=" + asked.MissingKey)
	}
	return created.Parse(text)
}

// readDocuments reads a YAML stream as JSON objects; empty documents are left out.
func readDocuments(text string) ([]json.RawMessage, error) {
	objects := []json.RawMessage{}
	for _, document := range strings.Split("\n"+text, "\n---\n") {
		if strings.TrimSpace(document) == "" {
			continue
		}
		object, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	return objects, nil
}
