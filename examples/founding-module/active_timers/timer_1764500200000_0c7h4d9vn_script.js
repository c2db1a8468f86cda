#!/usr/bin/env node
// The process of timer_1764500200000_0c7h4d9vn: left behind by a timer that still ran.
