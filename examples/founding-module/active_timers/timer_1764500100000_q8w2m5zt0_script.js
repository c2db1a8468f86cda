#!/usr/bin/env node
// The process of timer_1764500100000_q8w2m5zt0: left behind by a timer that still ran.
