package core

// start is W5: release everything, then (started) open the pipe and check.
func (m *Machine) start() {
	if m.phase != idle {
		return
	}
	m.log(logBanner)
	m.releaseAll(starting, WhyAtStart)
}

// stop is W6. The command that runs is waited for, those behind it are dropped.
func (m *Machine) stop() {
	switch m.phase {
	case idle:
		m.ended()
	case starting, running:
		m.log(logServiceStopped)
		m.log(logTerminating)
		m.releaseAll(stopping, WhyAtStop)
	}
}

func (m *Machine) releaseAll(p phase, why Reason) {
	m.phase = p
	m.swept = 0
	m.queue = m.queue[:0]
	for i := range m.vips {
		m.setState(&m.vips[i], Releasing, why)
	}
	m.runNext()
}

// sweep releases the next VIP, or goes on when all are. It is called when no command is left.
//
// Inferred: with several entries each is read, deleted and followed by its own flush before the
// next; the guide's transcript has one entry.
func (m *Machine) sweep() {
	if m.swept == 0 {
		m.log(logReleasedAll)
		m.logTable()
	}
	switch {
	case m.swept < len(m.vips):
		v := &m.vips[m.swept]
		m.swept++
		m.logEntry(v)
		m.runRelease(v)
	case m.phase == starting:
		m.started()
	default:
		m.cleanup()
		m.ended()
	}
}

func (m *Machine) started() {
	m.phase = running
	m.pipeOpen = true
	m.do(OpenPipe{})
	m.log(logConnectPipe)
	m.logTable()
	for i := range m.vips {
		v := &m.vips[i]
		m.logEntry(v)
		m.log(logOptionsRead)
		m.endRelease(v, WhyFirstCheck)
	}
}

// cleanup also answers who asked after his VIP was released.
func (m *Machine) cleanup() {
	for i := range m.vips {
		m.answerRequests(&m.vips[i])
	}
	m.log(logCleanup)
	if m.pipeOpen {
		m.do(ClosePipe{})
		m.log(logClosePipe)
	}
	m.log(logCloseStop)
	m.log(logCloseEvent)
	m.log(logFree)
}

func (m *Machine) ended() {
	m.phase = stopped
	m.do(Stopped{})
}
