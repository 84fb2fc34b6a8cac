//go:build tools

// Package tools pins the etcd that the sandbox builds; go.sum is its checksum.
package tools

import _ "go.etcd.io/etcd/server/v3"
