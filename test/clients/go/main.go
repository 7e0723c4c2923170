// Sends each HTTP request that it reads as a line of JSON, as Go programs do that set no header but
// their token: a body of JSON goes out without a Content-Type. Prints each answer as a line of JSON.
package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
)

type call struct {
	Method        string `json:"method"`
	URL           string `json:"url"`
	Authorization string `json:"authorization"`
	Body          string `json:"body"`
}

type answer struct {
	Status int    `json:"status"`
	Text   string `json:"text"`
}

func main() {
	calls := json.NewDecoder(os.Stdin)
	answers := json.NewEncoder(os.Stdout)
	for {
		var next call
		if err := calls.Decode(&next); err == io.EOF {
			return
		} else if err != nil {
			panic(err)
		}
		answers.Encode(send(next))
	}
}

func send(next call) answer {
	request, err := http.NewRequest(next.Method, next.URL, bytes.NewBufferString(next.Body))
	if err != nil {
		panic(err)
	}
	request.Header.Set("Authorization", next.Authorization)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		panic(err)
	}
	return answer{response.StatusCode, string(text)}
}
