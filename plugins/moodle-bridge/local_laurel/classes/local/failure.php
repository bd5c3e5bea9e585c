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
 * Why a delivery has not arrived. The values stand in the outbox table and name the strings "failure_*".
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
enum failure: string {
    // Moodle's own HTTP security does not let the request out.
    case BLOCKED = 'blocked';

    // No connection, no name, no answer in time.
    case UNREACHABLE = 'unreachable';

    // The address answers, but not as a bridge does: not found, or a page instead of a receipt.
    case ADDRESS = 'address';

    // The address sends the request elsewhere. A redirected POST would lose its body, so it is not followed.
    case REDIRECT = 'redirect';

    // The bridge turned the signature away because the two clocks are too far apart.
    case CLOCK = 'clock';

    // The bridge does not know this platform, or the secret does not fit, or the platform is disabled.
    case UNAUTHORISED = 'unauthorised';

    // The bridge, or something before it, asks for patience.
    case BUSY = 'busy';

    // The bridge failed on this delivery.
    case BROKEN = 'broken';

    // The delivery could not be prepared in Moodle, for now.
    case UNPREPARED = 'unprepared';

    // The bridge already has this completion with another content.
    case CONFLICT = 'conflict';

    // The bridge cannot read this delivery, or may not accept it.
    case REJECTED = 'rejected';

    // Learner, course or offering is not there to be told about.
    case GONE = 'gone';

    /**
     * Whether trying again by itself is pointless: somebody has to look.
     *
     * @return bool
     */
    public function is_final(): bool {
        return in_array($this, [self::CONFLICT, self::REJECTED, self::GONE], true);
    }

    /**
     * What the administrator needs to know, in the reader's language: plain text.
     *
     * @param array<string, string> $facts What the string needs. "direction", where a clock is off, is put into words here.
     * @return string
     */
    public function explain(array $facts): string {
        if (isset($facts['direction'])) {
            $facts['direction'] = get_string("clock_{$facts['direction']}", 'local_laurel');
        }
        return get_string("failure_{$this->value}", 'local_laurel', (object) $facts);
    }

    /**
     * Whether every other delivery would fail alike now, so that one attempt a sweep is enough.
     *
     * @return bool
     */
    public function concerns_all(): bool {
        return in_array($this, self::all_concerning(), true);
    }

    /**
     * The failures that end for all deliveries at once.
     *
     * @return self[]
     */
    public static function all_concerning(): array {
        return [
            self::BLOCKED, self::UNREACHABLE, self::ADDRESS, self::REDIRECT, self::CLOCK, self::UNAUTHORISED, self::BUSY,
        ];
    }
}
