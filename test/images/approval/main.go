// A check of a service's own, as small as one can be: it asks the colour for its name and passes it. It stands in where a
// test is about something else than the verification.
package main

import (
	"fmt"
	"net/http"
	"os"
	"time"
)

func main() {
	service, color, version := os.Getenv("SERVICE"), os.Getenv("COLOR"), os.Getenv("VERSION")
	client := http.Client{Timeout: 5 * time.Second}
	for attempt := 0; attempt < 10; attempt++ {
		if attempt > 0 {
			time.Sleep(time.Second)
		}
		response, err := client.Get(os.Getenv("TARGET_URL") + "/v1/info")
		if err != nil {
			fmt.Println(err)
			continue
		}
		response.Body.Close()
		if response.StatusCode == http.StatusOK && response.Header.Get("X-Color") == color {
			fmt.Printf("verification of %s %s %s: passed\n", service, color, version)
			return
		}
		fmt.Println(response.Status, response.Header.Get("X-Color"))
	}
	fmt.Printf("verification of %s %s %s: FAILED\nconnectivity: no answer of %s\n", service, color, version, color)
	os.Exit(1)
}
