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
 * What the bridge tells by itself of completions: verified, kept, and learners told soon after.
 *
 * Nobody is logged in here: who may tell is who can sign. A message that comes again, or late, changes nothing, because each
 * outcome says as of when it is so.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class inbox {
    /** Bytes of a message that are read. */
    public const LONGEST = 4194304;

    /** The version of a message's shape. */
    private const VERSION = 1;

    /**
     * The address to be told at.
     *
     * @return \moodle_url
     */
    public static function address(): \moodle_url {
        return new \moodle_url('/local/laurel/outcomes.php');
    }

    /**
     * Take one message in.
     *
     * @param array<string, string> $headers In small letters.
     * @param string $body
     * @param int $now
     * @return array{0: int, 1: string} The HTTP status to answer with, and in a word why.
     */
    public static function take(array $headers, string $body, int $now): array {
        $config = get_config('local_laurel');
        $secrets = secrets::current($now);
        if (empty($config->pushes) || !$secrets) {
            return [404, 'not wanted: it is switched off in this plugin\'s settings'];
        }
        if (!(new signer((string) ($config->platform ?? ''), ...$secrets))->is_genuine($headers, $body, $now)) {
            return [401, 'the signature does not fit, or its time is too far from now'];
        }
        $said = json_decode($body, true);
        if (($said['version'] ?? null) !== self::VERSION || !is_array($said['items'] ?? null)) {
            return [400, 'not outcomes, version ' . self::VERSION];
        }
        $decided = self::keep(array_filter($said['items'], 'is_array'), $now);
        \local_laurel\task\tell_learners::queue($decided);
        return [200, 'taken'];
    }

    /**
     * Keep outcomes. Completions that are not ours, or whose receipt has not come yet, are passed over: these are asked about.
     *
     * @param array[] $outcomes
     * @param int $now
     * @return int[] The rows that are decided now, and were not, or were decided otherwise.
     */
    private static function keep(array $outcomes, int $now): array {
        global $DB;
        $said = array_column($outcomes, null, 'completion');
        $rows = $said ? $DB->get_records_list(outbox::TABLE, 'completion', array_map('strval', array_keys($said))) : [];
        $kept = array_filter(
            $rows,
            static fn(\stdClass $row): bool => outcome::told($row, $said[$row->completion], $now)
        );
        return array_map('intval', array_keys($kept));
    }
}
