// Package chart draws: values on axes, labels that find room, lanes over time, networks. It knows numbers and texts,
// not what they are about.
package chart
