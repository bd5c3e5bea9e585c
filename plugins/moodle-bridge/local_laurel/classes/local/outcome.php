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
 * What became of a completion at the other end, as the bridge tells it. The names stand in the outbox table.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class outcome {
    /** Not decided yet. */
    public const IN_FLIGHT = 'in-flight';

    /** The learner has a credential. */
    public const ISSUED = 'issued';

    /** The credential does not hold for now. */
    public const SUSPENDED = 'suspended';

    /** The credential was taken back for good. */
    public const REVOKED = 'revoked';

    /** There is none, and why is told. */
    public const REFUSED = 'refused';

    /** It waits for those who run Laurel. */
    public const PARKED = 'parked';

    /** What the bridge says of a correction that nobody decided on yet. */
    private const UNDECIDED = ['waiting', 'told'];

    /** How often what is decided and may change is asked for again, in seconds. */
    private const DAILY = 86400;

    /**
     * The rows whose outcome is to be asked for now.
     *
     * @param string $kind
     * @param int $now
     * @param int $limit
     * @return \stdClass[]
     */
    public static function due(string $kind, int $now, int $limit): array {
        global $DB;
        return array_values($DB->get_records_select(
            outbox::TABLE,
            'kind = :kind AND state = :state AND nextpoll IS NOT NULL AND nextpoll <= :now',
            ['kind' => $kind, 'state' => outbox::DELIVERED, 'now' => $now],
            'nextpoll, id',
            '*',
            0,
            $limit
        ));
    }

    /**
     * What was made of a correction, as its receipt says; null where that is not decided, or it is no correction's.
     *
     * @param array $said
     * @return string|null
     */
    public static function effect(array $said): ?string {
        $effect = (string) ($said['effect'] ?? '');
        return $effect === '' || in_array($effect, self::UNDECIDED, true) ? null : \core_text::substr($effect, 0, 12);
    }

    /**
     * Keep what the bridge said, unless something later is known: a message may come late, or again.
     *
     * @param \stdClass $row
     * @param answer $answer
     * @param int $now
     * @return bool Whether it is decided now, and was not, or was decided otherwise.
     */
    public static function settle(\stdClass $row, answer $answer, int $now): bool {
        global $DB;
        $polls = $row->polls + 1;
        if ($answer->failure !== null) {
            $DB->update_record(outbox::TABLE, (object) [
                'id' => $row->id, 'polls' => $polls, 'nextpoll' => $now + backoff::seconds($polls, $answer->retryafter),
            ]);
            return false;
        }
        $said = $answer->said;
        $asof = (string) ($said['server_time'] ?? '');
        if ($asof !== '' && strcmp($asof, (string) $row->asof) < 0) {
            return false;
        }
        // A correction is asked about by sending it again.
        $state = \core_text::substr((string) ($said['state'] ?? self::effect($said) ?? self::IN_FLIGHT), 0, 12);
        $holds = $said['credential']['state'] ?? null;
        if ($state === self::ISSUED && in_array($holds, [self::SUSPENDED, self::REVOKED], true)) {
            $state = $holds;
        }
        $again = match ($state) {
            self::IN_FLIGHT => $now + backoff::seconds($polls),
            self::ISSUED, self::SUSPENDED => $now + self::DAILY,
            default => empty($said['reopenable']) ? null : $now + backoff::seconds($polls),
        };
        $award = isset($said['award']) ? \core_text::substr((string) $said['award'], 0, 36) : null;
        // A credential that corrects the one before is news, though it is one as before.
        $another = $row->award !== null && $award !== null && $award !== $row->award;
        $DB->update_record(outbox::TABLE, (object) [
            'id' => $row->id,
            'outcome' => $state,
            'outcomereason' => isset($said['reason']) ? \core_text::substr((string) $said['reason'], 0, 100) : null,
            'outcomedetail' => isset($said['detail']) ? (string) $said['detail'] : null,
            'award' => $award,
            'notified' => $another ? null : $row->notified,
            'asof' => $asof === '' ? $row->asof : \core_text::substr($asof, 0, 30),
            'polls' => $polls,
            'nextpoll' => $again,
            'timeoutcome' => $state === $row->outcome && !$another ? $row->timeoutcome : $now,
        ]);
        return ($state !== $row->outcome || $another) && $state !== self::IN_FLIGHT;
    }

    /**
     * Why there is no credential, in the reader's language where the reason is known, else in the bridge's words: plain text.
     *
     * @param \stdClass $row
     * @return string Empty where nothing was said.
     */
    public static function explain(\stdClass $row): string {
        $known = 'reason_' . str_replace('-', '', (string) $row->outcomereason);
        return get_string_manager()->string_exists($known, 'local_laurel')
            ? get_string($known, 'local_laurel')
            : (string) $row->outcomedetail;
    }
}
