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
 * The bodies of what the bridge is told: a completion (version 2), a correction (version 1).
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class payload {
    /** The version of a completion's shape. A change of shape is a new version. */
    public const COMPLETION_VERSION = 2;

    /** The version of a correction's shape. */
    public const CORRECTION_VERSION = 1;

    /** What a field of the site may say of supervision: notations of the European vocabulary (ELM idVerification). */
    private const SUPERVISION = ['nosupid', 'nosupnoid', 'supid', 'supnoid'];

    /**
     * The body that tells a completion.
     *
     * @param \stdClass $row The outbox row: episode, triggerkind, triggerid, timecompleted, timeclaimed.
     * @param string $offering The offering's id.
     * @param array $course See snapshot::course().
     * @param array $learner See snapshot::learner().
     * @param grade|null $grade Null where there is none.
     * @param array $circumstances What there is of: attempt, evidence, previous, overrides, supervision.
     * @param string $site The site's address, from $CFG->wwwroot.
     * @return string JSON. The exact bytes are what is signed, kept and sent, at every attempt.
     */
    public static function completion(
        \stdClass $row,
        string $offering,
        array $course,
        array $learner,
        ?grade $grade,
        array $circumstances,
        string $site
    ): string {
        $supervision = strtolower((string) ($circumstances['supervision'] ?? ''));
        return self::json([
            'version' => self::COMPLETION_VERSION,
            'site' => $site,
            'episode' => $row->episode,
            'trigger' => ['kind' => $row->triggerkind, 'id' => (string) $row->triggerid],
            'offering' => $offering,
            'course' => $course,
            'learner' => $learner,
            'grade' => $grade?->told(),
            // A completed course without a pass mark is a passed course: its completion criteria are the assessment.
            'passed' => $grade === null || $grade->passes(),
            'completed' => self::instant((int) $row->timecompleted),
            'attempt' => $circumstances['attempt'] ?? null,
            'evidence' => $circumstances['evidence'] ?? [],
            'previous' => $circumstances['previous'] ?? null,
            'claimed' => empty($row->timeclaimed) ? null : self::instant((int) $row->timeclaimed),
            'overrides' => $circumstances['overrides'] ?? [],
            'supervision' => in_array($supervision, self::SUPERVISION, true) ? $supervision : null,
        ]);
    }

    /**
     * The body that tells what changed after a completion was told.
     *
     * @param string $id The correction's own id, a UUID.
     * @param string $episode The completion it is about.
     * @param change $change
     * @param standing $standing How things stand now.
     * @param int $noticed
     * @param string $site
     * @return string JSON.
     */
    public static function correction(
        string $id,
        string $episode,
        change $change,
        standing $standing,
        int $noticed,
        string $site
    ): string {
        $graded = $change === change::GRADE_CHANGED;
        return self::json([
            'version' => self::CORRECTION_VERSION,
            'site' => $site,
            'id' => $id,
            'episode' => $episode,
            'change' => $change->value,
            'noticed' => self::instant($noticed),
            'passed' => $graded ? $standing->passed : null,
            'grade' => $graded ? $standing->grade?->told() : null,
            'learner' => $change === change::LEARNER_CORRECTED ? $standing->learner : null,
        ]);
    }

    /**
     * A moment as text.
     *
     * @param int $time Unix seconds.
     * @return string
     */
    private static function instant(int $time): string {
        return gmdate('Y-m-d\TH:i:s\Z', $time);
    }

    /**
     * JSON as it is signed and sent.
     *
     * @param array $body
     * @return string
     */
    private static function json(array $body): string {
        $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE;
        return json_encode($body, $flags);
    }
}
