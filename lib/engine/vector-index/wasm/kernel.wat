;; The inner loops of the vector indexes. `npx tsx scripts/build-wasm.ts` compiles this file to kernel-base64.ts.
;; lib/engine/vector-index/scalar-kernel.ts is a bit-identical fallback for hosts without SIMD.
;;
;; Addresses are byte offsets into the module's memory, compared as unsigned so that all 4 GiB can be used. Rows are
;; processed in groups of four: the caller pads their number to a multiple of four, with scales of 0.
(module
  (memory (export "memory") 1)

  ;; Inner products of 8-bit rows with a 16-bit query, four rows at a time:
  ;; scores[r] = scales[r] · (Σ_d rows[r][d] · query[d]) · step, for scores from $scores up to $end.
  ;; $stride: bytes of a row, a multiple of 16. The caller ensures that sums fit into 32 bits.
  (func (export "scan")
    (param $rows i32) (param $stride i32) (param $scales i32) (param $scores i32) (param $end i32)
    (param $query i32) (param $step f32)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (local $low v128) (local $high v128) (local $steps v128)
    (local $row0 i32) (local $row1 i32) (local $row2 i32) (local $row3 i32) (local $q i32) (local $stop i32)
    (if (i32.ge_u (local.get $scores) (local.get $end)) (then (return)))
    (local.set $steps (f32x4.splat (local.get $step)))
    (loop $group
      (local.set $sum0 (v128.const i32x4 0 0 0 0))
      (local.set $sum1 (v128.const i32x4 0 0 0 0))
      (local.set $sum2 (v128.const i32x4 0 0 0 0))
      (local.set $sum3 (v128.const i32x4 0 0 0 0))
      (local.set $q (local.get $query))
      (local.set $row0 (local.get $rows))
      (local.set $stop (local.tee $row1 (i32.add (local.get $rows) (local.get $stride))))
      (local.set $row2 (i32.add (local.get $row1) (local.get $stride)))
      (local.set $row3 (i32.add (local.get $row2) (local.get $stride)))
      (loop $dimensions
        (local.set $low (v128.load (local.get $q)))
        (local.set $high (v128.load offset=16 (local.get $q)))
        (local.set $sum0 (i32x4.add (local.get $sum0) (i32x4.add
          (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $row0)) (local.get $low))
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $row0)) (local.get $high)))))
        (local.set $sum1 (i32x4.add (local.get $sum1) (i32x4.add
          (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $row1)) (local.get $low))
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $row1)) (local.get $high)))))
        (local.set $sum2 (i32x4.add (local.get $sum2) (i32x4.add
          (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $row2)) (local.get $low))
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $row2)) (local.get $high)))))
        (local.set $sum3 (i32x4.add (local.get $sum3) (i32x4.add
          (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $row3)) (local.get $low))
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $row3)) (local.get $high)))))
        (local.set $q (i32.add (local.get $q) (i32.const 32)))
        (local.set $row1 (i32.add (local.get $row1) (i32.const 16)))
        (local.set $row2 (i32.add (local.get $row2) (i32.const 16)))
        (local.set $row3 (i32.add (local.get $row3) (i32.const 16)))
        (br_if $dimensions
          (i32.lt_u (local.tee $row0 (i32.add (local.get $row0) (i32.const 16))) (local.get $stop))))
      ;; Reduces four vectors of four lanes to one vector of four sums by adding halves crosswise, twice.
      (local.set $low (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $sum0) (local.get $sum1))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $sum0) (local.get $sum1))))
      (local.set $high (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $sum2) (local.get $sum3))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $sum2) (local.get $sum3))))
      (v128.store (local.get $scores)
        (f32x4.mul
          (f32x4.mul
            (f32x4.convert_i32x4_s (i32x4.add
              (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $low) (local.get $high))
              (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $low) (local.get $high))))
            (v128.load (local.get $scales)))
          (local.get $steps)))
      (local.set $rows (i32.add (local.get $rows) (i32.shl (local.get $stride) (i32.const 2))))
      (local.set $scales (i32.add (local.get $scales) (i32.const 16)))
      (br_if $group
        (i32.lt_u (local.tee $scores (i32.add (local.get $scores) (i32.const 16))) (local.get $end)))))

  ;; Sums of table entries, the approximation of the inner product in product quantisation:
  ;; scores[r] = Σ_s tables[s][codes[r][s]], for scores from $scores up to $end.
  ;; $stride: bytes of a row's codes, a multiple of 4, and number of tables of 256 floats.
  (func (export "lookUp")
    (param $codes i32) (param $stride i32) (param $tables i32) (param $scores i32) (param $end i32)
    (local $four i32) (local $table i32) (local $stop i32) (local $sum f32)
    (if (i32.ge_u (local.get $scores) (local.get $end)) (then (return)))
    (loop $row
      (local.set $sum (f32.const 0))
      (local.set $table (local.get $tables))
      (local.set $stop (i32.add (local.get $codes) (local.get $stride)))
      (loop $codes4
        (local.set $four (i32.load (local.get $codes)))
        (local.set $sum (f32.add (local.get $sum) (f32.add
          (f32.add
            (f32.load (i32.add (local.get $table)
              (i32.and (i32.shl (local.get $four) (i32.const 2)) (i32.const 0x3fc))))
            (f32.load offset=1024 (i32.add (local.get $table)
              (i32.and (i32.shr_u (local.get $four) (i32.const 6)) (i32.const 0x3fc)))))
          (f32.add
            (f32.load offset=2048 (i32.add (local.get $table)
              (i32.and (i32.shr_u (local.get $four) (i32.const 14)) (i32.const 0x3fc))))
            (f32.load offset=3072 (i32.add (local.get $table)
              (i32.and (i32.shr_u (local.get $four) (i32.const 22)) (i32.const 0x3fc))))))))
        (local.set $table (i32.add (local.get $table) (i32.const 4096)))
        (br_if $codes4
          (i32.lt_u (local.tee $codes (i32.add (local.get $codes) (i32.const 4))) (local.get $stop))))
      (f32.store (local.get $scores) (local.get $sum))
      (br_if $row
        (i32.lt_u (local.tee $scores (i32.add (local.get $scores) (i32.const 4))) (local.get $end)))))

  ;; Writes the numbers of the rows with a score above $threshold to $out, ascending, and returns the address after the
  ;; last one. Rows start at $row; their scores, a multiple of four, are from $scores up to $end. May overwrite up to 12
  ;; bytes after the returned address.
  (func (export "collect")
    (param $scores i32) (param $end i32) (param $row i32) (param $threshold f32) (param $out i32) (result i32)
    (local $thresholds v128) (local $above v128) (local $bits i32)
    (if (i32.ge_u (local.get $scores) (local.get $end)) (then (return (local.get $out))))
    (local.set $thresholds (f32x4.splat (local.get $threshold)))
    (loop $group
      (local.set $above (f32x4.gt (v128.load (local.get $scores)) (local.get $thresholds)))
      (if (v128.any_true (local.get $above)) (then
        ;; All four rows are written; $out advances only after those above the threshold.
        (local.set $bits (i32x4.bitmask (local.get $above)))
        (i32.store (local.get $out) (local.get $row))
        (local.set $out (i32.add (local.get $out)
          (i32.and (i32.shl (local.get $bits) (i32.const 2)) (i32.const 4))))
        (i32.store (local.get $out) (i32.add (local.get $row) (i32.const 1)))
        (local.set $out (i32.add (local.get $out)
          (i32.and (i32.shl (local.get $bits) (i32.const 1)) (i32.const 4))))
        (i32.store (local.get $out) (i32.add (local.get $row) (i32.const 2)))
        (local.set $out (i32.add (local.get $out) (i32.and (local.get $bits) (i32.const 4))))
        (i32.store (local.get $out) (i32.add (local.get $row) (i32.const 3)))
        (local.set $out (i32.add (local.get $out)
          (i32.and (i32.shr_u (local.get $bits) (i32.const 1)) (i32.const 4))))))
      (local.set $row (i32.add (local.get $row) (i32.const 4)))
      (br_if $group
        (i32.lt_u (local.tee $scores (i32.add (local.get $scores) (i32.const 16))) (local.get $end))))
    (local.get $out))

  ;; Sorts the rows from $rows up to $end by falling score: a stable radix sort by eight bits at a time.
  ;; $work: 4096 bytes of counts, then twice 8 bytes a row.
  (func (export "sort") (param $rows i32) (param $end i32) (param $scores i32) (param $work i32)
    (local $from i32) (local $to i32) (local $stop i32) (local $at i32) (local $key i32) (local $counts i32)
    (local $shift i64) (local $pair i64) (local $place i32) (local $next i32) (local $bytes i32)
    (if (i32.ge_u (local.get $rows) (local.get $end)) (then (return)))
    (memory.fill (local.get $work) (i32.const 0) (i32.const 4096))
    (local.set $from (i32.add (local.get $work) (i32.const 4096)))
    (local.set $bytes (i32.shl (i32.sub (local.get $end) (local.get $rows)) (i32.const 1)))
    (local.set $to (i32.add (local.get $from) (local.get $bytes)))
    ;; Pairs of row (low word) and key (high word). Unsigned keys rise as scores fall. Adding 0 turns -0 into 0.
    (local.set $at (local.get $rows))
    (local.set $stop (local.get $from))
    (loop $pairs
      (local.set $key (i32.reinterpret_f32 (f32.add (f32.const 0) (f32.load
        (i32.add (local.get $scores) (i32.shl (i32.load (local.get $at)) (i32.const 2)))))))
      (local.set $key (i32.xor (local.get $key)
        (select (i32.const 0) (i32.const 0x7fffffff) (i32.lt_s (local.get $key) (i32.const 0)))))
      (i64.store (local.get $stop) (i64.or
        (i64.extend_i32_u (i32.load (local.get $at)))
        (i64.shl (i64.extend_i32_u (local.get $key)) (i64.const 32))))
      (call $count (local.get $work) (i32.and (local.get $key) (i32.const 255)))
      (call $count (i32.add (local.get $work) (i32.const 1024))
        (i32.and (i32.shr_u (local.get $key) (i32.const 8)) (i32.const 255)))
      (call $count (i32.add (local.get $work) (i32.const 2048))
        (i32.and (i32.shr_u (local.get $key) (i32.const 16)) (i32.const 255)))
      (call $count (i32.add (local.get $work) (i32.const 3072)) (i32.shr_u (local.get $key) (i32.const 24)))
      (local.set $stop (i32.add (local.get $stop) (i32.const 8)))
      (br_if $pairs
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (local.get $end))))
    (local.set $shift (i64.const 32))
    (local.set $counts (local.get $work))
    (loop $passes
      ;; Converts counts to addresses in $to of the next pair of each bucket.
      (local.set $place (local.get $to))
      (local.set $at (local.get $counts))
      (local.set $counts (i32.add (local.get $counts) (i32.const 1024)))
      (loop $buckets
        (local.set $next (i32.add (local.get $place) (i32.shl (i32.load (local.get $at)) (i32.const 3))))
        (i32.store (local.get $at) (local.get $place))
        (local.set $place (local.get $next))
        (br_if $buckets
          (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (local.get $counts))))
      (local.set $at (local.get $from))
      (local.set $stop (i32.add (local.get $from) (local.get $bytes)))
      (loop $scatter
        (local.set $pair (i64.load (local.get $at)))
        (local.set $next (i32.sub (local.get $counts) (i32.sub (i32.const 1024) (i32.shl
          (i32.and (i32.wrap_i64 (i64.shr_u (local.get $pair) (local.get $shift))) (i32.const 255))
          (i32.const 2)))))
        (local.set $place (i32.load (local.get $next)))
        (i32.store (local.get $next) (i32.add (local.get $place) (i32.const 8)))
        (i64.store (local.get $place) (local.get $pair))
        (br_if $scatter
          (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $stop))))
      (local.set $at (local.get $from))
      (local.set $from (local.get $to))
      (local.set $to (local.get $at))
      (br_if $passes
        (i64.lt_u (local.tee $shift (i64.add (local.get $shift) (i64.const 8))) (i64.const 64))))
    ;; After an even number of passes, the pairs are in $from again.
    (loop $back
      (i32.store (local.get $rows) (i32.load (local.get $from)))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (br_if $back
        (i32.lt_u (local.tee $rows (i32.add (local.get $rows) (i32.const 4))) (local.get $end)))))

  (func $count (param $counts i32) (param $bucket i32)
    (local.set $counts (i32.add (local.get $counts) (i32.shl (local.get $bucket) (i32.const 2))))
    (i32.store (local.get $counts) (i32.add (i32.load (local.get $counts)) (i32.const 1)))))
