package folder

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"ipwsim/sim/trace"
)

// Stock is every message that lies on the share, for the audit at a run's end: in the queue one for
// each recipient not served yet, then what is in the mailboxes. A share without a work folder has
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
	add := func(name, id, at string) error {
		data, err := f.fs.ReadFile(f.at(at + name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil // split off already
		} else if err != nil {
			return err
		}
		_, to, rest, err := parse(data, 1)
		if err != nil {
			all = append(all, trace.MailStock{Place: trace.Damaged, ID: id})
			return nil
		}
		all = append(all, trace.MailStock{Place: trace.InQueue, ID: id, To: to[0], MessageID: MessageID(rest)})
		return nil
	}
	for _, c := range copies {
		if err := add(c.Name, c.ID, "queue/"); err != nil {
			return nil, err
		}
	}
	for _, id := range unsplit {
		data, err := f.fs.ReadFile(f.at("queue/" + id))
		if err != nil {
			return nil, err
		}
		_, to, _, err := parse(data, MaxRecipients)
		if err != nil {
			all = append(all, trace.MailStock{Place: trace.Damaged, ID: id})
			continue
		}
		for i := range to {
			if err := add(copyName(id, i+1), id, "queue/tmp/"); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
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
		stock := trace.MailStock{Place: trace.InMailbox, Box: box, MessageID: MessageID(data)}
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
