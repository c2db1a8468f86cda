/** How many, in words: `1 timer`, `2 timers`. */
export function countText(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
