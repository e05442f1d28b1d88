package reports

// htmlWords are the words that stand in the templates.
type htmlWords struct {
	SkipTo, ShortHead, FiguresHead, ColFigure, ColMeasured, ColPromised, ColKept         string
	OutagesHead, OutageCause, OutageParts, OutageSaw, ShowInChart, ChartHead, ChartLead  string
	ChartKeys, ZoomIn, ZoomOut, ZoomAll, Earlier, Later, Seconds                         string
	Nothing, ReadoutHead, ReadoutHint, StoryHead, ColTime, ColClock, ColWho              string
	ColWhat, FramesLink, FramesHead, FramesLead, CapturesHint, BeliefsHead, ChecksHead   string
	ScriptsHead, RerunHead, RerunLead, TermsHead, WarningsHead, WeakHead, BecauseHead    string
	MailHead, LegendHead, ColCheck, ColScenario, ColAway, ColVerdict, SuiteTitle, BandOf string
}

func wordsOf(l lang) htmlWords {
	return htmlWords{
		SkipTo:       l.say(htmlSkipTo),
		ShortHead:    l.say(htmlShortHead),
		FiguresHead:  l.say(htmlFiguresHead),
		ColFigure:    l.say(htmlColFigure),
		ColMeasured:  l.say(htmlColMeasured),
		ColPromised:  l.say(htmlColPromised),
		ColKept:      l.say(htmlColKept),
		OutagesHead:  l.say(htmlOutagesHead),
		OutageCause:  l.say(htmlOutageCause),
		OutageParts:  l.say(htmlOutageParts),
		OutageSaw:    l.say(htmlOutageSaw),
		ShowInChart:  l.say(htmlShowInChart),
		ChartHead:    l.say(htmlChartHead),
		ChartLead:    l.say(htmlChartLead),
		ChartKeys:    l.say(htmlChartKeys),
		ZoomIn:       l.say(htmlZoomIn),
		ZoomOut:      l.say(htmlZoomOut),
		ZoomAll:      l.say(htmlZoomAll),
		Earlier:      l.say(htmlEarlier),
		Later:        l.say(htmlLater),
		Seconds:      l.say(htmlSeconds),
		Nothing:      l.say(htmlNothing),
		ReadoutHead:  l.say(htmlReadoutHead),
		ReadoutHint:  l.say(htmlReadoutHint),
		StoryHead:    l.say(htmlStoryHead),
		ColTime:      l.say(htmlColTime),
		ColClock:     l.say(htmlColClock),
		ColWho:       l.say(htmlColWho),
		ColWhat:      l.say(htmlColWhat),
		FramesLink:   l.say(htmlFramesLink),
		FramesHead:   l.say(htmlFramesHead),
		FramesLead:   l.say(htmlFramesLead),
		CapturesHint: l.say(htmlCapturesHint),
		BeliefsHead:  l.say(htmlBeliefsHead),
		ChecksHead:   l.say(htmlChecksHead),
		ScriptsHead:  l.say(htmlScriptsHead),
		RerunHead:    l.say(htmlRerunHead),
		RerunLead:    l.say(htmlRerunLead),
		TermsHead:    l.say(htmlTermsHead),
		WarningsHead: l.say(htmlWarningsHead),
		WeakHead:     l.say(htmlWeakHead),
		BecauseHead:  l.say(htmlBecauseHead),
		MailHead:     l.say(htmlMailHead),
		LegendHead:   l.say(htmlLegendHead),
		ColCheck:     l.say(htmlColCheck),
		ColScenario:  l.say(htmlColScenario),
		ColAway:      l.say(htmlColAway),
		ColVerdict:   l.say(htmlColVerdict),
		SuiteTitle:   l.say(htmlSuiteTitle),
		BandOf:       l.say(htmlBandOf),
	}
}
