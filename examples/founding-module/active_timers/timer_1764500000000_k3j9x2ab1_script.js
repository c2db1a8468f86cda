#!/usr/bin/env node
// The process of timer_1764500000000_k3j9x2ab1: left behind by a timer that still ran.
