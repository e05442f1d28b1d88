package main

import (
	"github.com/spf13/cobra"

	"ipwsim/reports/words"
)

func translate(root *cobra.Command, lang words.Lang) {}
