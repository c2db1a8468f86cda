/**
 * What most commands use: the build puts it all into one chunk, since a file more to open costs a
 * start more than the few kB that it may not need. No logic, and nothing that loads libraries.
 */
import "./each-id.ts";
import "./examples.ts";
import "./failure.ts";
import "./input.ts";
import "./run.ts";
import "./show-list.ts";
import "./show-timer.ts";
import "./when.ts";
