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
     * Keep what the bridge answered when it was asked, unless something later is known by now: it may have told meanwhile.
     *
     * @param \stdClass $row
     * @param answer $answer
     * @param int $now
     * @return bool Whether it is decided now, and was not, or was decided otherwise.
     */
    public static function answered(\stdClass $row, answer $answer, int $now): bool {
        return self::change((int) $row->id, static function (\stdClass $known) use ($answer, $now): array {
            if ($answer->failure !== null || self::is_older($answer->said, $known)) {
                return ['nextpoll' => $now + backoff::seconds($known->polls, $answer->retryafter)];
            }
            return self::news($answer->said, $known, $now);
        });
    }

    /**
     * Keep what the bridge told by itself, unless something later is known: a message may come late, or again. Then it is asked
     * for at once, since the message may be older only by the clock of who sent it.
     *
     * @param \stdClass $row
     * @param array $said
     * @param int $now
     * @return bool Whether it is decided now, and was not, or was decided otherwise.
     */
    public static function told(\stdClass $row, array $said, int $now): bool {
        return self::change((int) $row->id, static fn(\stdClass $known): array
            => self::is_older($said, $known) ? ['nextpoll' => $now] : self::news($said, $known, $now));
    }

    /**
     * Change a row by how it is now. Counting locks it: of an answer and a message that cross, one waits for the other.
     *
     * @param int $id
     * @param \Closure $by What of the row changes, from the row.
     * @return bool Whether it is decided now, and was not, or was decided otherwise.
     */
    private static function change(int $id, \Closure $by): bool {
        global $DB;
        $transaction = $DB->start_delegated_transaction();
        $DB->execute('UPDATE {' . outbox::TABLE . '} SET polls = polls + 1 WHERE id = :id', ['id' => $id]);
        $known = $DB->get_record(outbox::TABLE, ['id' => $id]);
        // It is gone where the learner's data was deleted meanwhile.
        $changed = $known ? $by($known) : [];
        if ($changed) {
            $DB->update_record(outbox::TABLE, (object) (['id' => $id] + $changed));
        }
        $transaction->allow_commit();
        return isset($changed['timeoutcome']) && $changed['outcome'] !== self::IN_FLIGHT;
    }

    /**
     * Whether something later than this is known.
     *
     * @param array $said
     * @param \stdClass $known
     * @return bool
     */
    private static function is_older(array $said, \stdClass $known): bool {
        $asof = (string) ($said['server_time'] ?? '');
        return $asof !== '' && strcmp($asof, (string) $known->asof) < 0;
    }

    /**
     * What changes of a row by what the bridge said of it.
     *
     * @param array $said
     * @param \stdClass $known
     * @param int $now
     * @return array With timeoutcome where it is another outcome than before.
     */
    private static function news(array $said, \stdClass $known, int $now): array {
        // A correction is asked about by sending it again.
        $state = \core_text::substr((string) ($said['state'] ?? self::effect($said) ?? self::IN_FLIGHT), 0, 12);
        $holds = $said['credential']['state'] ?? null;
        if ($state === self::ISSUED && in_array($holds, [self::SUSPENDED, self::REVOKED], true)) {
            $state = $holds;
        }
        $award = isset($said['award']) ? \core_text::substr((string) $said['award'], 0, 36) : null;
        // A credential that corrects the one before is news, though it is one as before.
        $another = $known->award !== null && $award !== null && $award !== $known->award;
        return [
            'outcome' => $state,
            'outcomereason' => isset($said['reason']) ? \core_text::substr((string) $said['reason'], 0, 100) : null,
            'outcomedetail' => isset($said['detail']) ? (string) $said['detail'] : null,
            'award' => $award,
            'asof' => isset($said['server_time']) ? \core_text::substr((string) $said['server_time'], 0, 30) : $known->asof,
            'nextpoll' => match ($state) {
                self::IN_FLIGHT => $now + backoff::seconds($known->polls),
                self::ISSUED, self::SUSPENDED => $now + self::DAILY,
                default => empty($said['reopenable']) ? null : $now + backoff::seconds($known->polls),
            },
        ] + ($another ? ['notified' => null] : []) + ($another || $state !== $known->outcome ? ['timeoutcome' => $now] : []);
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
