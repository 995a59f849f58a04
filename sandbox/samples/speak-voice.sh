#!/bin/sh
# Speaks voice.wav anew. Needs Debian's festival, festvox-us-slt-hts and sox:
#   apt-get install -y --no-install-recommends festival festvox-us-slt-hts sox
# Same versions give the same bytes (sox -R seeds the dither). Usage: speak-voice.sh [OUT.wav]
set -eu

here=$(dirname "$0")
out=${1:-$here/voice.wav}
raw=$(mktemp --suffix=.wav)
trap 'rm -f "$raw"' EXIT

text='Hello! I am a portrait, and this is my voice. Give me a picture and a few words of speech, and I will say them out loud.'

printf '%s\n' "$text" | text2wave -eval '(voice_cmu_us_slt_arctic_hts)' -o "$raw"

# highpass: hum below the voice; silence: trim the ends, then 0.15 s and 0.3 s of air; norm -3: peak at -3 dBFS; fade: no click.
sox -R -G "$raw" -c 1 -b 16 -r 44100 "$out" \
  highpass 70 \
  silence 1 0.02 0.3% reverse silence 1 0.02 0.3% reverse \
  pad 0.15 0.3 \
  rate -v 44100 norm -3 fade t 0.02 reverse fade t 0.05 reverse
