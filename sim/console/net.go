package console

import (
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// net is `net start`, and `net start|stop` of a service of the product.
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
	for _, s := range c.services() {
		if s.state() == trace.Running {
			c.print("   " + s.display)
		}
	}
	c.print("   Server\n   Task Scheduler\n   Workstation\n")
	c.print("\n" + c.in("The command completed successfully.\n", "コマンドは正常に終了しました。\n"))
	c.end()
}

// onService does it to the service of that name, the short or the long one.
func (c *Console) onService(name string, act func(*winService)) {
	s := c.service(func(s *winService) bool { return strings.EqualFold(name, s.display) || strings.EqualFold(name, s.name) })
	switch {
	case s == nil:
		c.netError(c.in("The service name is invalid.", "サービス名が無効です。"), "2185")
	case s.state() == trace.StopPending:
		c.print(c.in("The service is starting or stopping.  Please try again later.\n", "サービスを開始または停止しています。後でもう一度やり直してください。\n"))
		c.end()
	default:
		act(s)
	}
}

// netError is a message of net with the number of its help.
func (c *Console) netError(text, number string) {
	c.print(text + "\n\n" + c.in("More help is available by typing NET HELPMSG "+number+".\n", "NET HELPMSG "+number+" と入力すると、より詳しい説明が得られます。\n"))
	c.end()
}

func (c *Console) netStart(s *winService) {
	switch {
	case s.state() != trace.Stopped:
		c.netError(c.in("The requested service has already been started.", "要求されたサービスは既に開始されています。"), "2182")
		return
	case !c.Node.LogsOn(s.name):
		c.print(c.in("System error 1069 has occurred.\n\nThe service did not start due to a logon failure.\n",
			"システム エラー 1069 が発生しました。\n\nログオンに失敗したため、サービスを開始できませんでした。\n"))
		c.end()
		return
	}
	c.print(c.in("The "+s.display+" service is starting.", s.display+" サービスを開始します。"))
	if c.doTo(s, true) {
		c.print(c.in("The "+s.display+" service was started successfully.\n", s.display+" サービスは正常に開始されました。\n"))
		c.end()
	}
}

func (c *Console) netStop(s *winService) {
	if s.state() != trace.Running {
		c.netError(c.in("The "+s.display+" service is not started.", s.display+" サービスは開始されていません。"), "3521")
		return
	}
	c.print(c.in("The "+s.display+" service is stopping.", s.display+" サービスを停止中です。"))
	c.begin(func() {})
	if c.doTo(s, false) {
		c.awaitStop(s)
	}
}

// stopCheck is how often net looks whether the service has stopped.
const stopCheck = 100 * time.Millisecond

func (c *Console) awaitStop(s *winService) {
	if s.state() != trace.Stopped {
		c.after(stopCheck, func() { c.awaitStop(s) })
		return
	}
	c.print(c.in("The "+s.display+" service was stopped successfully.\n", s.display+" サービスは正常に停止されました。\n"))
	c.end()
}
