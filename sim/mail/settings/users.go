package settings

import (
	"io/fs"
	"path"
	"strings"

	"ipwsim/core/diag"
)

// ReadUsers gives the domains of the nodes their users, from the account files on the share (M5).
// The folder dir of fsys is the share's root. It reports every problem with the files once. A node
// whose account folder is not on the share gets no users: Check says so.
func ReadUsers(fsys fs.FS, dir string, nodes []*NodeFiles, facts Facts) diag.List {
	u := userFiles{fsys: fsys, dir: dir, users: map[string][]User{}, folders: map[string]bool{}}
	for _, n := range nodes {
		for i := range n.Node.Domains {
			d := &n.Node.Domains[i]
			// The product puts the two together as they are: hence the backslash of step 5.
			unc, problem := ParseUNC(n.accounts.text + d.Name + ".idx")
			if problem == nil && n.accounts.found && facts.IsShare(unc) {
				d.Users = u.read(unc.Path, strings.HasSuffix(n.accounts.text, `\`))
			}
		}
	}
	u.checkOthers()
	u.problems.Sort()
	return u.problems
}

type userFiles struct {
	fsys     fs.FS
	dir      string
	users    map[string][]User // by the name asked for, in lower case
	folders  map[string]bool   // reported on
	order    []string          // of the folders
	problems diag.List
}

// read reads a file the first time it is asked for. A missing one is a warning if wanted.
func (u *userFiles) read(name string, wanted bool) []User {
	key := strings.ToLower(name)
	if users, known := u.users[key]; known {
		return users
	}
	u.users[key] = nil
	if folder := path.Dir(name); wanted && !u.folders[folder] {
		u.folders[folder] = true
		u.order = append(u.order, folder)
	}
	file := u.find(name)
	data, err := fs.ReadFile(u.fsys, file)
	if err != nil {
		if wanted {
			u.problems.Warnf(file, 0, "cannot read the file: %s; expected the accounts of the domain, without which its mail is refused", diag.FileReason(err))
		}
		return nil
	}
	rows, problems := ParseAccounts(file, data)
	u.problems = append(u.problems, problems...)
	for _, row := range rows {
		u.users[key] = append(u.users[key], row.User)
	}
	return u.users[key]
}

// find is the file's own spelling of its name: Windows does not tell case apart.
func (u *userFiles) find(name string) string {
	at := u.dir
	for _, part := range strings.Split(name, "/") {
		entries, _ := fs.ReadDir(u.fsys, at) // a folder that is not there has none
		for _, e := range entries {
			if strings.EqualFold(e.Name(), part) {
				part = e.Name()
				break
			}
		}
		at = path.Join(at, part)
	}
	return at
}

// checkOthers warns of account files whose domain no node has.
func (u *userFiles) checkOthers() {
	for _, folder := range u.order {
		at := u.find(folder)
		entries, _ := fs.ReadDir(u.fsys, at) // reported when its files were read
		for _, e := range entries {
			name := strings.ToLower(e.Name())
			if _, read := u.users[path.Join(strings.ToLower(folder), name)]; !read && path.Ext(name) == ".idx" {
				u.problems.Warnf(path.Join(at, e.Name()), 0, "no node has the domain %s, so nobody reads the file; expected its key in the nodes' exports", strings.TrimSuffix(name, ".idx"))
			}
		}
	}
}
