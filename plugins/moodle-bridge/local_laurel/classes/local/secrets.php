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
 * The secrets deliveries are signed with: the one entered last, and for a while the one before it.
 *
 * Both signatures go with every delivery, so it does not matter whether the secret is changed here or at the bridge first.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class secrets {
    /** How long the secret before goes on signing, in seconds. The bridge lets it work a day. */
    public const OVERLAP = 172800;

    /**
     * The secrets to sign with, the newest first; empty where none is set.
     *
     * @param int $now
     * @return string[]
     */
    public static function current(int $now): array {
        $config = get_config('local_laurel');
        $current = (string) ($config->secret ?? '');
        $before = (string) ($config->secretbefore ?? '');
        return array_values(array_filter(
            [$current, $now < (int) ($config->secretbeforeuntil ?? 0) ? $before : ''],
            signer::is_secret(...)
        ));
    }

    /**
     * A new secret takes the place of the one before, which goes on signing for a while.
     *
     * @param string $before
     * @param int $now
     */
    public static function keep_before(#[\SensitiveParameter] string $before, int $now): void {
        if (signer::is_secret($before)) {
            set_config('secretbefore', $before, 'local_laurel');
            set_config('secretbeforeuntil', $now + self::OVERLAP, 'local_laurel');
        }
    }
}
