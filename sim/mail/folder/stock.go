package folder

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"ipwsim/sim/trace"
)

// Stock is every message that lies on the share, for the audit at a run's end: in the queue one for
// each recipient not served yet, what was never finished, then what is in the mailboxes. A share without a work folder has
// none.
func (f *Folder) Stock() ([]trace.MailStock, error) {
	all, err := f.queueStock()
	if err != nil {
		return nil, err
	}
	boxes, err := f.boxStock("inbox")
	return append(all, boxes...), err
}

func (f *Folder) queueStock() ([]trace.MailStock, error) {
	copies, unsplit, err := f.List()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var all []trace.MailStock
	add := func(place trace.MailPlace, name, id, at string) error {
		file := f.at(at + name)
		data, err := f.fs.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // split off already
		} else if err != nil {
			return err
		}
		_, to, rest, err := parse(data, 1)
		if err != nil {
			all = append(all, trace.MailStock{Place: trace.Damaged, File: file, ID: id})
			return nil
		}
		all = append(all, trace.MailStock{Place: place, File: file, ID: id, To: to[0], MessageID: MessageID(rest)})
		return nil
	}
	for _, c := range copies {
		if err := add(trace.InQueue, c.Name, c.ID, "queue/"); err != nil {
			return nil, err
		}
	}
	waits := map[string]bool{}
	for _, id := range unsplit {
		data, err := f.fs.ReadFile(f.at("queue/" + id))
		if err != nil {
			return nil, err
		}
		_, to, _, err := parse(data, MaxRecipients)
		if err != nil {
			all = append(all, trace.MailStock{Place: trace.Damaged, File: f.at("queue/" + id), ID: id})
			continue
		}
		for i := range to {
			waits[copyName(id, i+1)] = true
			if err := add(trace.InSplit, copyName(id, i+1), id, "queue/tmp/"); err != nil {
				return nil, err
			}
		}
	}
	drafts, err := f.draftStock(waits)
	return append(all, drafts...), err
}

// draftStock is what lies in queue/tmp, less the copies that still count.
func (f *Folder) draftStock(count map[string]bool) (all []trace.MailStock, err error) {
	infos, err := f.fs.ReadDir(f.at("queue/tmp"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, i := range infos {
		if !i.IsDir && !count[i.Name] && draftForm.MatchString(i.Name) {
			all = append(all, trace.MailStock{Place: trace.Unfinished, File: f.at("queue/tmp/" + i.Name)})
		}
	}
	return all, err
}

// boxStock walks a folder of mailboxes.
func (f *Folder) boxStock(dir string) ([]trace.MailStock, error) {
	infos, err := f.fs.ReadDir(f.at(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var all []trace.MailStock
	for _, info := range infos {
		name := path.Join(dir, info.Name)
		if info.IsDir {
			below, err := f.boxStock(name)
			if err != nil {
				return nil, err
			}
			all = append(all, below...)
			continue
		}
		m := copyForm.FindStringSubmatch(info.Name)
		if m == nil && !strings.HasPrefix(info.Name, AppendedPrefix) {
			continue // what a service keeps beside the messages
		}
		data, err := f.fs.ReadFile(f.at(name))
		if err != nil {
			return nil, err
		}
		box, _, _ := strings.Cut(dir, "/"+indexFolder+"/") // a mailbox that the user has made is the user's
		stock := trace.MailStock{Place: trace.InMailbox, File: f.at(name), Box: box, MessageID: MessageID(data)}
		if m != nil {
			stock.ID = m[1]
			if _, _, _, err := parse(data, 1); err != nil {
				stock.Place = trace.Damaged
			}
		}
		all = append(all, stock)
	}
	return all, nil
}
