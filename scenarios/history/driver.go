//go:build !wasm

package history

import _ "modernc.org/sqlite" // the driver, which WebAssembly has none of
