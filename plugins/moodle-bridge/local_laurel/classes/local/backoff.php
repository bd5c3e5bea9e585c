<?php
// This file is part of Moodle - https://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <https://www.gnu.org/licenses/>.

namespace local_laurel\local;

/**
 * How long to wait before the next attempt.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class backoff {
    /** The wait after the first failed attempt, in seconds. */
    private const FIRST = 60;

    /** The longest wait, in seconds. */
    private const LONGEST = 21600;

    /** The longest wait for a bridge that is away for all: one request is enough to know, and many learners wait. */
    public const AWAY = 900;

    /**
     * Twice as long after each failed attempt, from a minute to the most. It never gives up.
     *
     * @param int $attempts Attempts made so far, at least one.
     * @param int|null $asked What the bridge asked for (Retry-After), in seconds. Heeded up to six hours.
     * @param int $most Where it stops growing, in seconds.
     * @return int Seconds.
     */
    public static function seconds(int $attempts, ?int $asked = null, int $most = self::LONGEST): int {
        // Fifteen doublings are past the longest wait already; more would overflow one day.
        $wait = min(self::FIRST * 2 ** min(max($attempts - 1, 0), 15), $most);
        return min(max($wait, $asked ?? 0), self::LONGEST);
    }
}
