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

namespace local_laurel;

use local_laurel\local\inbox;
use local_laurel\local\outbox;
use local_laurel\local\signer;

/**
 * Tests of taking in what the bridge tells by itself.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers \local_laurel\local\inbox
 * @covers \local_laurel\local\outcome
 */
final class inbox_test extends \advanced_testcase {
    /** A secret for tests. */
    private const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

    /** The time. */
    private const NOW = 1795437433;

    /** The completion that is told of. */
    private const COMPLETION = '0b54d9c5-7b0f-5d1d-9b57-0a8b3b0d3a11';

    /** @var \stdClass Who completed it. */
    private \stdClass $learner;

    /**
     * A completion that was delivered, and a site that wants to be told.
     */
    protected function setUp(): void {
        global $DB;
        parent::setUp();
        $this->resetAfterTest();
        set_config('platform', 'campus', 'local_laurel');
        set_config('secret', self::SECRET, 'local_laurel');
        set_config('pushes', 1, 'local_laurel');
        $course = $this->getDataGenerator()->create_course();
        $this->learner = $this->getDataGenerator()->create_user();
        $DB->insert_record(outbox::TABLE, (object) [
            'kind' => outbox::COMPLETION, 'episode' => 'course_completions:1', 'triggerkind' => 'course', 'triggerid' => 1,
            'courseid' => $course->id, 'userid' => $this->learner->id, 'offering' => 'data-ethics', 'timecompleted' => self::NOW,
            'deliveryid' => \core\uuid::generate(), 'payload' => '{}', 'state' => outbox::DELIVERED, 'outcome' => 'in-flight',
            'completion' => self::COMPLETION, 'timecreated' => self::NOW, 'timemodified' => self::NOW,
        ]);
    }

    /**
     * The bridge tells something.
     *
     * @param string $time As of when, the end of it.
     * @param array $said
     * @param string $secret
     * @param int $late How long it was under way.
     * @return int The status it is answered with.
     */
    private function tell(string $time, array $said, string $secret = self::SECRET, int $late = 0): int {
        $item = ['completion' => self::COMPLETION, 'server_time' => "2026-11-23T12:37:{$time}Z"] + $said;
        $body = json_encode(['version' => 1, 'items' => [$item, ['completion' => \core\uuid::generate(), 'state' => 'issued']]]);
        $headers = (new signer('campus', $secret))->headers(\core\uuid::generate(), self::NOW - $late, $body);
        return inbox::take($headers, $body, self::NOW)[0];
    }

    /**
     * What became of it.
     *
     * @return string
     */
    private static function kept(): string {
        global $DB;
        return $DB->get_field(outbox::TABLE, 'outcome', ['completion' => self::COMPLETION], MUST_EXIST);
    }

    /**
     * What the bridge tells shows at once, and the learner gets a message as soon as cron runs.
     */
    public function test_what_is_told_is_kept_and_told_on(): void {
        $messages = $this->redirectMessages();
        $this->assertEquals(200, $this->tell('13.000', ['state' => 'issued', 'award' => \core\uuid::generate()]));
        $this->assertEquals('issued', self::kept());
        $this->assertCount(0, $messages->get_messages());
        $this->runAdhocTasks(task\tell_learners::class);
        $this->assertEquals([$this->learner->id], array_column($messages->get_messages_by_component('local_laurel'), 'useridto'));
    }

    /**
     * A message that comes late, or again, does not undo a later one.
     */
    public function test_a_message_told_again_undoes_nothing(): void {
        $this->tell('13.100', ['state' => 'issued', 'credential' => ['state' => 'suspended']]);
        $this->tell('13.200', ['state' => 'issued', 'credential' => ['state' => 'active']]);
        $this->assertEquals(200, $this->tell('13.100', ['state' => 'issued', 'credential' => ['state' => 'suspended']]));
        $this->assertEquals('issued', self::kept());
    }

    /**
     * What is older may be so only by the clock of who sent it: what became of it is asked for soon.
     */
    public function test_what_is_told_too_late_is_asked_for(): void {
        $this->tell('13.200', ['state' => 'issued']);
        $this->assertCount(0, local\outcome::due(outbox::COMPLETION, self::NOW, 1));
        $this->assertEquals(200, $this->tell('13.100', ['state' => 'issued', 'credential' => ['state' => 'revoked']]));
        $this->assertCount(1, local\outcome::due(outbox::COMPLETION, self::NOW, 1));
        $this->assertEquals('issued', self::kept());
    }

    /**
     * What is not signed with this platform's secret, or was signed long ago, is not believed.
     */
    public function test_only_what_is_genuine_is_believed(): void {
        $other = 'whsec_' . base64_encode(str_repeat('n', 32));
        $this->assertEquals(401, $this->tell('13.000', ['state' => 'issued'], $other));
        $this->assertEquals(401, $this->tell('13.000', ['state' => 'issued'], late: 301));
        $this->assertEquals('in-flight', self::kept());
        set_config('secret', $other, 'local_laurel');
        local\secrets::keep_before(self::SECRET, self::NOW);
        $this->assertEquals(200, $this->tell('13.000', ['state' => 'issued']));
    }

    /**
     * A credential with the corrected name is told of again.
     */
    public function test_a_credential_that_corrects_the_one_before_is_told_of(): void {
        global $DB;
        $messages = $this->redirectMessages();
        foreach (['13.000' => 1, '13.100' => 1, '13.200' => 2] as $time => $count) {
            $award = sprintf('0b54d9c5-7b0f-5d1d-9b57-%012d', $count);
            $this->tell((string) $time, ['state' => 'issued', 'award' => $award, 'credential' => ['state' => 'active']]);
            $this->runAdhocTasks(task\tell_learners::class);
            $this->assertCount($count, $messages->get_messages_by_component('local_laurel'));
        }
        $this->assertEquals($award, $DB->get_field(outbox::TABLE, 'award', ['completion' => self::COMPLETION]));
    }

    /**
     * Who does not want to be told is not.
     */
    public function test_it_is_switched_off_until_somebody_switches_it_on(): void {
        set_config('pushes', 0, 'local_laurel');
        $this->assertEquals(404, $this->tell('13.000', ['state' => 'issued']));
        $this->assertEquals('in-flight', self::kept());
    }
}
