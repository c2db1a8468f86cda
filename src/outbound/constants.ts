/** Numbers of whoever calls out of the network, each with its unit and its reason. Data only. */
import { SECOND } from "../core/units.ts";

/** Milliseconds for which an address is believed. The rebinding window is no shorter than that. */
export const ADDRESSES_KEPT_MS = 30 * SECOND;

/** Names whose addresses an isolate keeps. */
export const NAMES_KEPT = 1_024;
