// Judge an exported log with Go's checksum database code: golang.org/x/mod/sumdb, nothing of this project.
//
//	go run main.go EXPORT CASES
//
// EXPORT is a directory as `dat-hub audit export-tiles` writes one for a half-year. CASES is a file of JSON with the
// log's vkey, and proofs that our code made. Prints what was checked as JSON; exit 1 at the first thing wrong.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type cases struct {
	Key       string
	Inclusion []struct {
		Index, Size int64
		Leaf, Root  []byte
		Proof       [][]byte
	}
	Consistency []struct {
		Old, New         int64
		OldRoot, NewRoot []byte
		Proof            [][]byte
	}
}

func must(err error) {
	if err != nil {
		fmt.Println("WRONG", err)
		os.Exit(1)
	}
}

func hash(data []byte) (h tlog.Hash) {
	if len(data) != len(h) {
		must(fmt.Errorf("a hash of %d bytes", len(data)))
	}
	copy(h[:], data)
	return h
}

func hashes(all [][]byte) []tlog.Hash {
	list := []tlog.Hash{}
	for _, data := range all {
		list = append(list, hash(data))
	}
	return list
}

// openHead opens the signed note and reads the tree in it.
func openHead(export, key string) (tlog.Tree, int, int) {
	data, err := os.ReadFile(filepath.Join(export, "checkpoint"))
	must(err)
	verifier, err := note.NewVerifier(key)
	must(err)
	opened, err := note.Open(data, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		must(fmt.Errorf("not a checkpoint of %s", verifier.Name()))
	}
	var tree tlog.Tree
	_, err = fmt.Sscan(lines[1], &tree.N)
	must(err)
	tree.Hash, err = tlog.ParseHash(lines[2])
	must(err)
	return tree, len(opened.Sigs), len(opened.UnverifiedSigs)
}

// path writes a tile's place as tlog-tiles does: as the checksum database, without the height.
func path(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
}

// readLeaves gives the bytes of every leaf.
func readLeaves(export string, size int64) [][]byte {
	leaves := [][]byte{}
	for start := int64(0); start < size; start += 1 << height {
		tile := tlog.Tile{H: height, L: -1, N: start >> height, W: 1 << height}
		if size-start < int64(tile.W) {
			tile.W = int(size - start)
		}
		data, err := os.ReadFile(filepath.Join(export, strings.Replace(path(tile), "data", "entries", 1)))
		must(err)
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			leaves = append(leaves, data[2:2+length])
			data = data[2+length:]
		}
	}
	return leaves
}

type tiles struct{ export string }

func (t tiles) Height() int                                { return height }
func (t tiles) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range wanted {
		one, err := os.ReadFile(filepath.Join(t.export, path(tile)))
		if err != nil {
			return nil, err
		}
		data = append(data, one)
	}
	return data, nil
}

func main() {
	export := os.Args[1]
	data, err := os.ReadFile(os.Args[2])
	must(err)
	var given cases
	must(json.Unmarshal(data, &given))
	tree, verified, passed := openHead(export, given.Key)

	// The root from the bytes of the leaves.
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (list []tlog.Hash, err error) {
		for _, index := range indexes {
			list = append(list, stored[index])
		}
		return list, nil
	})
	leaves := readLeaves(export, tree.N)
	for number, leaf := range leaves {
		more, err := tlog.StoredHashes(int64(number), leaf, reader)
		must(err)
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(int64(len(leaves)), reader)
	must(err)
	if int64(len(leaves)) != tree.N || root != tree.Hash {
		must(fmt.Errorf("the leaves do not give the root"))
	}

	// Proofs that our code made, judged by theirs.
	for _, one := range given.Inclusion {
		must(tlog.CheckRecord(hashes(one.Proof), one.Size, hash(one.Root), one.Index, tlog.RecordHash(one.Leaf)))
	}
	for _, one := range given.Consistency {
		must(tlog.CheckTree(hashes(one.Proof), one.New, hash(one.NewRoot), one.Old, hash(one.OldRoot)))
	}

	// Proofs that their code makes from our tiles; the reader authenticates each tile against the head.
	tiled, step := 0, tree.N/64+1
	for index := int64(0); index < tree.N; index += step {
		proof, err := tlog.ProveRecord(tree.N, index, tlog.TileHashReader(tree, tiles{export}))
		must(err)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaves[index])))
		older, err := tlog.ProveTree(tree.N, index+1, tlog.TileHashReader(tree, tiles{export}))
		must(err)
		start, err := tlog.TreeHash(index+1, reader)
		must(err)
		must(tlog.CheckTree(older, tree.N, tree.Hash, index+1, start))
		tiled += 2
	}
	json.NewEncoder(os.Stdout).Encode(map[string]int{
		"leaves": len(leaves), "verified": verified, "passed": passed, "tiled": tiled,
		"inclusion": len(given.Inclusion), "consistency": len(given.Consistency),
	})
}
