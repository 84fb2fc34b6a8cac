//go:build tools

// Package tools pins the CoreDNS that the sandbox builds; go.sum is its checksum.
package tools

import _ "github.com/coredns/coredns"
