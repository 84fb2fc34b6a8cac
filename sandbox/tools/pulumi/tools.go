//go:build tools

// Package tools pins the Pulumi engine that the sandbox builds; go.sum is its checksum.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
