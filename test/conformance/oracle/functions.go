package main

import (
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

// notInGitOpsSets are Sprig's functions that GitOpsSets takes away.
var notInGitOpsSets = []string{
	"env", "expandenv", "getHostByName", "genPrivateKey", "derivePassword", "sha256sum",
	"base", "dir", "ext", "clean", "isAbs", "osBase", "osDir", "osExt", "osClean", "osIsAbs",
}

const maxName = 63

var tables = map[string]template.FuncMap{}

// functionsOf gives the functions of a profile: none, gitopssets or sprig.
func functionsOf(profile string) template.FuncMap {
	table, known := tables[profile]
	if !known {
		table = createTable(profile)
		tables[profile] = table
	}
	return table
}

func createTable(profile string) template.FuncMap {
	if profile == "none" {
		return template.FuncMap{}
	}
	table := sprig.TxtFuncMap()
	if table["sha512sum"] == nil {
		// Sprig has it since 3.3.0.
		table["sha512sum"] = sha512sum
	}
	table["sanitize"] = sanitize
	table["getordefault"] = getOrDefault
	table["toYaml"] = toYaml
	if profile == "gitopssets" {
		for _, name := range notInGitOpsSets {
			delete(table, name)
		}
		return table
	}
	table["fromYaml"] = fromYaml
	table["fromYamlArray"] = fromYamlArray
	table["required"] = required
	return table
}

func listFunctions(profile string) map[string][]string {
	names := []string{}
	for name := range functionsOf(profile) {
		names = append(names, name)
	}
	sort.Strings(names)
	return map[string][]string{"functions": names}
}

func sha512sum(text string) string {
	sum := sha512.Sum512([]byte(text))
	return hex.EncodeToString(sum[:])
}

// sanitize makes a DNS label of a name: it begins with a letter, other characters are dropped.
func sanitize(name string) (string, error) {
	if name == "" {
		return "", errors.New("DNS name can not be empty")
	}
	letters := []rune(strings.ToLower(name))
	start := 0
	for i, letter := range letters {
		if isLetter(letter) {
			start = i
			break
		}
	}
	end := len(letters)
	for end-1 > start && !isLetter(letters[end-1]) && !isDigit(letters[end-1]) {
		end--
	}
	var label strings.Builder
	for _, letter := range letters[start:end] {
		if isLetter(letter) || isDigit(letter) || letter == '-' {
			label.WriteRune(letter)
		}
	}
	if label.Len() > maxName {
		return "", fmt.Errorf("DNS name %q exceeded maximum length of %v", name, maxName)
	}
	if label.Len() == 0 {
		return "", fmt.Errorf("DNS name %q sanitized is empty", name)
	}
	return label.String(), nil
}

func isLetter(char rune) bool { return char >= 'a' && char <= 'z' }

func isDigit(char rune) bool { return char >= '0' && char <= '9' }

func getOrDefault(element map[string]interface{}, key string, fallback interface{}) interface{} {
	if value, ok := element[key]; ok {
		return value
	}
	return fallback
}

func toYaml(value interface{}) string {
	written, err := yaml.Marshal(value)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(written), "\n")
}

func fromYaml(text string) map[string]interface{} {
	value := map[string]interface{}{}
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		value["Error"] = err.Error()
	}
	return value
}

func fromYamlArray(text string) []interface{} {
	value := []interface{}{}
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		value = []interface{}{err.Error()}
	}
	return value
}

func required(warning string, value interface{}) (interface{}, error) {
	if value == nil || value == "" {
		return value, errors.New(warning)
	}
	return value, nil
}
