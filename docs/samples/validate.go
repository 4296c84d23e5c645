// Asks whether a session may be trusted. Prints the user's id and ends with 0, or ends with 1 (not to be trusted) or
// 2 (nothing was decided: treat it as not trusted, and try again). The standard library, nothing else.
//
//	DRAWBRIDGE_URL=http://127.0.0.1:7070 BRIDGE_SECRET_FILE=secret go run validate.go SESSION_ID CLIENT_IP
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

type trusted struct {
	Valid bool `json:"valid"`
	User  struct {
		ID       string `json:"id"`
		UserType string `json:"user_type"`
	} `json:"user"`
	RememberForMS int64 `json:"remember_for_ms"`
}

var client = &http.Client{
	Timeout: 5 * time.Second,
	// The secret must not travel to wherever an answer points.
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// validate answers nil and no error when the session is not to be trusted.
func validate(url, secret, sessionID, ip string) (*trusted, error) {
	body, err := json.Marshal(map[string]string{
		"session_id": sessionID, "ip": ip, "method": "GET", "path": "/orders"})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest("POST", url+"/auth/bridge/validate", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Bridge-Secret", secret)
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
		var said trusted
		if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
			return nil, err
		}
		if !said.Valid {
			return nil, nil
		}
		return &said, nil
	case http.StatusUnauthorized:
		return nil, nil
	default:
		return nil, fmt.Errorf("not decided: HTTP %d", answer.StatusCode)
	}
}

func main() {
	secret, err := os.ReadFile(os.Getenv("BRIDGE_SECRET_FILE"))
	if err != nil || len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "give SESSION_ID and CLIENT_IP, and BRIDGE_SECRET_FILE")
		os.Exit(2)
	}
	said, err := validate(os.Getenv("DRAWBRIDGE_URL"), strings.TrimSpace(string(secret)), os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if said == nil {
		os.Exit(1)
	}
	fmt.Println(said.User.ID)
}
