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

// shared is the Chromium of all tests that Main runs; it starts with the first page.
var shared func() (context.Context, error)

// Main is the TestMain of a package with many tests of pages: they share one Chromium, each with a page of its own.
func Main(m *testing.M) {
	end := func() {}
	shared = sync.OnceValues(func() (ctx context.Context, err error) {
		ctx, end = launch(context.Background())
		return ctx, chromedp.Do(ctx)
	})
	status := m.Run()
	end()
	os.Exit(status)
}

// launch describes a Chromium, which starts with the first use of the context and ends with end.
func launch(parent context.Context) (ctx context.Context, end func()) {
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-features", "Translate,WebUIOmniboxPopup,WebUIOmniboxAimPopup")) // pages of its own, which nobody sees
	ctx, gone := chromedp.NewExecAllocator(parent, opts...)
	ctx, closed := chromedp.NewContext(ctx)
	return ctx, func() { closed(); gone() }
}

const program = "chromium"

// Start opens a page in Chromium until the end of the test. Where there is none the test is skipped; with
// IPWSIM_NO_SKIP set, as in CI, it fails.
func Start(t *testing.T) *Browser {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		const message = "chromium is not installed (apt-get install chromium): the pages are not opened"
		if os.Getenv("IPWSIM_NO_SKIP") != "" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	b := &Browser{t: t}
	b.ctx = b.page()
	require.NoError(t, chromedp.Listen(b.ctx, b.hear))
	_, err := chromedp.Call(b.ctx, log.Enable, cdp.Empty{})
	require.NoError(t, err)
	return b
}

// page is a new page, in the shared Chromium if there is one, which is closed at the end of the test or in 3 minutes.
func (b *Browser) page() context.Context {
	if shared == nil {
		ctx, late := context.WithTimeout(context.Background(), 3*time.Minute)
		b.t.Cleanup(late)
		ctx, end := launch(ctx)
		b.t.Cleanup(end)
		return ctx
	}
	ctx, err := shared()
	require.NoError(b.t, err)
	ctx, late := context.WithTimeout(ctx, 3*time.Minute)
	b.t.Cleanup(late)
	ctx, end := chromedp.NewContext(ctx)
	b.t.Cleanup(end)
	return ctx
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

// Resize makes the window another size: pages ask for none but in their style sheets, so it is as if opened in it.
func (b *Browser) Resize(w Window) {
	b.t.Helper()
	b.Do(chromedp.EmulateViewport(w.Width, w.Height))
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
