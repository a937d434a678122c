"""The page Inspector: whatever was opened, judged and explained.

Pure parts turn values into rows, lines and rectangles (`opened`, `tree`, `verdicts`, `chain_graph`,
`graph_layout`, `rule_rows`, `hex_lines`); widgets show them. Text of a peer is plain, bounded and escaped.
"""
