package main

import (
	"bytes"
	"encoding/json"
)

// intMarker names the only key of an object that stands for a Go int.
const intMarker = "$int"

// decodeData reads a case's data as encoding/json does. With ints, integral numbers become int64,
// as the Kubernetes libraries read them.
func decodeData(raw json.RawMessage, ints bool) (interface{}, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value interface{}
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	return convert(value, ints), nil
}

func convert(value interface{}, ints bool) interface{} {
	switch known := value.(type) {
	case json.Number:
		return convertNumber(known, ints)
	case []interface{}:
		for i, item := range known {
			known[i] = convert(item, ints)
		}
	case map[string]interface{}:
		if marked, ok := known[intMarker].(json.Number); ok && len(known) == 1 {
			whole, _ := marked.Int64()
			return int(whole)
		}
		for key, item := range known {
			known[key] = convert(item, ints)
		}
	}
	return value
}

func convertNumber(number json.Number, ints bool) interface{} {
	if ints {
		if whole, err := number.Int64(); err == nil {
			return whole
		}
	}
	float, _ := number.Float64()
	return float
}
