package console

import (
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// service is the product's name of its service.
const service = "E-POST IP Watcher"

// net is `net start`, and `net start|stop` of the watcher.
func (c *Console) net(args []string) {
	switch {
	case len(args) == 1 && strings.EqualFold(args[0], "start"):
		c.netList()
	case len(args) == 2 && strings.EqualFold(args[0], "start"):
		c.onService(args[1], c.netStart)
	case len(args) == 2 && strings.EqualFold(args[0], "stop"):
		c.onService(args[1], c.netStop)
	default:
		c.print(c.in("The syntax of this command is:\n\nNET\n    [ START | STOP ]", "このコマンドの構文は次のとおりです:\n\nNET\n    [ START | STOP ]"))
		c.end()
	}
}

func (c *Console) netList() {
	c.print(c.in("These Windows services are started:\n", "次の Windows サービスが開始されています:\n") + "\n")
	if c.Node != nil && c.Node.ServiceState() == trace.Running {
		c.print("   " + service)
	}
	c.print("   Server\n   Task Scheduler\n   Workstation\n")
	c.print("\n" + c.in("The command completed successfully.\n", "コマンドは正常に終了しました。\n"))
	c.end()
}

// onService does it to the service of that name: the watcher is the one that the console knows.
func (c *Console) onService(name string, act func()) {
	switch {
	case c.Node == nil || !strings.EqualFold(name, service) && !strings.EqualFold(name, trace.Watcher):
		c.netError(c.in("The service name is invalid.", "サービス名が無効です。"), "2185")
	case c.Node.ServiceState() == trace.StopPending:
		c.print(c.in("The service is starting or stopping.  Please try again later.\n", "サービスを開始または停止しています。後でもう一度やり直してください。\n"))
		c.end()
	default:
		act()
	}
}

// netError is a message of net with the number of its help.
func (c *Console) netError(text, number string) {
	c.print(text + "\n\n" + c.in("More help is available by typing NET HELPMSG "+number+".\n", "NET HELPMSG "+number+" と入力すると、より詳しい説明が得られます。\n"))
	c.end()
}

func (c *Console) netStart() {
	switch {
	case c.Node.ServiceState() != trace.Stopped:
		c.netError(c.in("The requested service has already been started.", "要求されたサービスは既に開始されています。"), "2182")
		return
	case !c.Node.LogsOn(trace.Watcher):
		c.print(c.in("System error 1069 has occurred.\n\nThe service did not start due to a logon failure.\n",
			"システム エラー 1069 が発生しました。\n\nログオンに失敗したため、サービスを開始できませんでした。\n"))
		c.end()
		return
	}
	c.print(c.in("The "+service+" service is starting.", service+" サービスを開始します。"))
	if c.do("start-service", c.Node.StartService) {
		c.print(c.in("The "+service+" service was started successfully.\n", service+" サービスは正常に開始されました。\n"))
		c.end()
	}
}

// do does what a fault's verb says to the node's watcher, and otherwise ends the command: Windows shuts down, since all
// else was seen before.
func (c *Console) do(verb string, act func() bool) bool {
	f := trace.Fault{
		Verb: verb, Target: c.Machine.Name(), Breaks: verb == "stop-service",
		Touches: []trace.Touch{{Part: trace.WatcherPart, Of: c.Machine.Name()}},
	}
	if c.Fault(f, act) == nil {
		return true
	}
	c.print(c.in("System error 1115 has occurred.\n\nA system shutdown is in progress.\n",
		"システム エラー 1115 が発生しました。\n\nシステムをシャットダウンしています。\n"))
	c.end()
	return false
}

func (c *Console) netStop() {
	if c.Node.ServiceState() != trace.Running {
		c.netError(c.in("The "+service+" service is not started.", service+" サービスは開始されていません。"), "3521")
		return
	}
	c.print(c.in("The "+service+" service is stopping.", service+" サービスを停止中です。"))
	c.begin(func() {})
	if c.do("stop-service", c.Node.StopService) {
		c.awaitStop()
	}
}

// stopCheck is how often net looks whether the service has stopped.
const stopCheck = 100 * time.Millisecond

func (c *Console) awaitStop() {
	if c.Node.ServiceState() != trace.Stopped {
		c.after(stopCheck, c.awaitStop)
		return
	}
	c.print(c.in("The "+service+" service was stopped successfully.\n", service+" サービスは正常に停止されました。\n"))
	c.end()
}
