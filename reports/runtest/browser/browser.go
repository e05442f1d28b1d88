// Package browser opens pages in Chromium, for tests of them.
package browser

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Browser is a Chromium with one page open, for one test.
type Browser struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

// Window is a size of the window.
type Window struct {
	Name          string
	Width, Height int64
}

// Windows are those that every page must fit.
var Windows = []Window{{"desktop", 1280, 800}, {"phone", 390, 844}}

// Start starts Chromium until the end of the test. Where there is none the test is skipped; with IPWSIM_NO_SKIP set, as
// in CI, it fails.
func Start(t *testing.T) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		const message = "chromium is not installed (apt-get install chromium): the pages are not opened"
		if os.Getenv("IPWSIM_NO_SKIP") != "" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	b := &Browser{t: t}
	var end func()
	b.ctx, end = context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(end)
	b.ctx, end = chromedp.NewExecAllocator(b.ctx, opts...)
	t.Cleanup(end)
	b.ctx, end = chromedp.NewContext(b.ctx)
	t.Cleanup(end)
	require.NoError(t, chromedp.Listen(b.ctx, b.hear))
	_, err = chromedp.Call(b.ctx, log.Enable, cdp.Empty{})
	require.NoError(t, err)
	return b
}

func (b *Browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		b.complaints = append(b.complaints, e.Entry.Text)
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.complaints = append(b.complaints, fmt.Sprint(e.Type))
	}
}

// Complaints are what was written to the console since the start.
func (b *Browser) Complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.complaints
}

// Open opens a page from disk in a window.
func (b *Browser) Open(path string, w Window) {
	b.t.Helper()
	b.Do(chromedp.EmulateViewport(w.Width, w.Height), chromedp.Navigate((&url.URL{Scheme: "file", Path: path}).String()))
}

// Do runs actions of a user.
func (b *Browser) Do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, actions...))
}

// Media shows the page as on this medium, "" for a screen, and to somebody who likes it dark or not.
func (b *Browser) Media(medium string, dark bool) {
	b.t.Helper()
	m := emulation.SetEmulatedMediaParams{Media: medium}
	if dark {
		m.Features = []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, m)
	require.NoError(b.t, err)
}

// Eval evaluates JavaScript in the page.
func Eval[T any](b *Browser, script string) T {
	b.t.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	require.NoError(b.t, err, script)
	return out
}

// List evaluates JavaScript that makes a list of texts.
func (b *Browser) List(script string) []string { b.t.Helper(); return Eval[[]string](b, script) }

// Text evaluates JavaScript that makes a text.
func (b *Browser) Text(script string) string { b.t.Helper(); return Eval[string](b, script) }
