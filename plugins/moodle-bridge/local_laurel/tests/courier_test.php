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

use GuzzleHttp\Exception\ConnectException;
use GuzzleHttp\Psr7\Request;
use GuzzleHttp\Psr7\Response;
use local_laurel\local\courier;
use local_laurel\local\outbox;

/**
 * What is carried to the bridge, and what becomes of it.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers \local_laurel\local\courier
 * @covers \local_laurel\local\outbox
 * @covers \local_laurel\local\payload_builder
 */
final class courier_test extends \advanced_testcase {
    /** A secret for tests. */
    private const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';

    /** @var array What was sent. */
    private array $sent = [];

    /** @var \GuzzleHttp\Handler\MockHandler The bridge's answers. */
    private \GuzzleHttp\Handler\MockHandler $bridge;

    /** @var \frozen_clock The time. */
    private \frozen_clock $clock;

    /** @var \stdClass The course everybody completes. */
    private \stdClass $course;

    /**
     * A configured plugin, a bridge that answers as told, a clock that stands still.
     */
    protected function setUp(): void {
        parent::setUp();
        $this->resetAfterTest();
        $this->redirectMessages();
        $this->bridge = $this->get_mocked_http_client($this->sent)['mock'];
        $this->clock = $this->mock_clock_with_frozen(1795437433);
        set_config('curlsecurityblockedhosts', '');
        set_config('bridgeurl', 'https://192.0.2.1/', 'local_laurel');
        set_config('platform', 'campus', 'local_laurel');
        set_config('secret', self::SECRET, 'local_laurel');
        set_config('courses', '*', 'local_laurel');
        $this->course = $this->getDataGenerator()->create_course(['idnumber' => 'data-ethics', 'enablecompletion' => 1]);
    }

    /**
     * Somebody completes the course.
     *
     * @param array $user
     * @return \stdClass The learner.
     */
    private function complete(array $user = []): \stdClass {
        global $CFG;
        require_once($CFG->dirroot . '/completion/completion_completion.php');
        require_once($CFG->libdir . '/completionlib.php');
        $learner = $this->getDataGenerator()->create_user($user);
        $this->getDataGenerator()->enrol_user($learner->id, $this->course->id);
        (new \completion_completion(['userid' => $learner->id, 'course' => $this->course->id]))
            ->mark_complete($this->clock->time());
        return $learner;
    }

    /**
     * A bridge that takes what it is told: a receipt for each delivery, or these verdicts first.
     *
     * @param array ...$verdicts Each with status, and a problem or what a receipt says.
     * @return \Closure
     */
    private static function taken(array ...$verdicts): \Closure {
        return static function (Request $request) use ($verdicts): Response {
            $items = [];
            foreach (json_decode((string) $request->getBody())->items as $place => $item) {
                $receipt = $item->kind === 'completion'
                    ? ['completion' => \core\uuid::generate()]
                    : ['correction' => json_decode($item->body)->id, 'effect' => 'waiting'];
                $items[] = ($verdicts[$place] ?? []) + ['status' => 202] + $receipt;
            }
            return new Response(200, [], json_encode(['items' => $items]));
        };
    }

    /**
     * What the bridge says became of every completion it is asked about.
     *
     * @param array $said
     * @return \Closure
     */
    private static function outcome(array $said = ['state' => 'in-flight']): \Closure {
        return static function (Request $request) use ($said): Response {
            $asked = json_decode((string) $request->getBody())->completions;
            $items = array_map(static fn(string $id): array => ['completion' => $id] + $said, $asked);
            return new Response(200, [], json_encode(['items' => $items, 'unknown' => []]));
        };
    }

    /**
     * A problem document.
     *
     * @param int $status
     * @param array $more
     * @return Response
     */
    private static function problem(int $status, array $more = []): Response {
        return new Response($status, [], json_encode(['title' => 'No', 'detail' => 'because'] + $more));
    }

    /**
     * What was told so far, of each kind together.
     *
     * @return string[]
     */
    private function bodies(): array {
        $bodies = [];
        foreach ($this->sent as $one) {
            $said = json_decode((string) $one['request']->getBody(), true);
            array_push($bodies, ...array_column($said['items'] ?? [], 'body'));
        }
        return $bodies;
    }

    /**
     * How many rows are in a state, with a failure.
     *
     * @param string $state
     * @param string|null $failure
     * @return int
     */
    private static function count_rows(string $state, ?string $failure): int {
        global $DB;
        return $DB->count_records(outbox::TABLE, ['state' => $state, 'failure' => $failure]);
    }

    /**
     * A delivery is signed, and says what is true.
     */
    public function test_a_delivery_is_signed_and_says_what_is_true(): void {
        global $CFG;
        require_once($CFG->libdir . '/gradelib.php');
        $learner = $this->complete(['firstname' => 'Ana', 'lastname' => 'Andromeda', 'lang' => 'en']);
        $item = \grade_item::fetch_course_item($this->course->id);
        $item->gradepass = 50;
        $item->update();
        $item->update_final_grade($learner->id, 85);
        $this->bridge->append(self::taken(), self::outcome());
        $this->assertEquals(1, courier::from_config()->sweep()->delivered);

        $request = $this->sent[0]['request'];
        $this->assertEquals('https://192.0.2.1/moodle/batches', (string) $request->getUri());
        $this->assertEquals('campus', $request->getHeaderLine('laurel-platform'));
        $signed = "{$request->getHeaderLine('webhook-id')}.1795437433.{$request->getBody()}";
        $mac = hash_hmac('sha256', $signed, base64_decode(substr(self::SECRET, 6)), true);
        $this->assertEquals('v1,' . base64_encode($mac), $request->getHeaderLine('webhook-signature'));
        $said = json_decode($this->bodies()[0]);
        $this->assertEquals($CFG->wwwroot, $said->site);
        $this->assertEquals('data-ethics', $said->offering);
        $this->assertEquals('Ana Andromeda', $said->learner->fullname);
        $this->assertEquals(['85.00', '50.00'], [$said->grade->value, $said->grade->pass_mark]);
        $this->assertTrue($said->passed);
        $this->assertEquals(1, self::count_rows(outbox::DELIVERED, null));
    }

    /**
     * While the bridge is away one attempt a sweep is made; when it answers, all go, each with its first content.
     */
    public function test_an_outage_is_waited_out(): void {
        global $DB;
        $learner = $this->complete(['firstname' => 'Ana']);
        $this->complete();
        $this->complete();
        $this->bridge->append(new ConnectException('refused', new Request('POST', 'https://192.0.2.1')));
        courier::from_config()->sweep();
        $this->assertCount(1, $this->sent);
        $this->assertEquals(3, self::count_rows(outbox::WAITING, 'unreachable'));

        $DB->set_field('user', 'firstname', 'Corrected', ['id' => $learner->id]);
        $this->clock->bump(60);
        $this->bridge->append(self::taken(), self::taken(), self::outcome());
        $this->assertEquals(3, courier::from_config()->sweep()->delivered);
        $this->assertEquals(3, self::count_rows(outbox::DELIVERED, null));
        $this->assertEqualsCanonicalizing(array_slice($this->bodies(), 0, 3), array_slice($this->bodies(), 3));
    }

    /**
     * A failure of one delivery does not hold up the others, and waits longer each time.
     */
    public function test_one_broken_delivery_does_not_hold_up_the_others(): void {
        global $DB;
        $this->complete();
        $this->complete();
        $this->bridge->append(self::taken(['status' => 500]), self::outcome());
        $sweep = courier::from_config()->sweep();
        $this->assertEquals([1, 1], [$sweep->delivered, $sweep->failed]);

        $row = $DB->get_record(outbox::TABLE, ['failure' => 'broken'], '*', MUST_EXIST);
        $this->assertEquals($this->clock->time() + 60, $row->nextattempt);
        $this->clock->bump(60);
        $this->bridge->append(self::taken(['status' => 500]), self::outcome());
        courier::from_config()->sweep();
        $row = $DB->get_record(outbox::TABLE, ['id' => $row->id], '*', MUST_EXIST);
        $this->assertEquals([2, $this->clock->time() + 120], [$row->attempts, $row->nextattempt]);
    }

    /**
     * Where a request is refused as a whole, each delivery goes in one of its own: one that does harm does none to the others.
     */
    public function test_what_is_refused_together_is_told_one_by_one(): void {
        $this->complete();
        $this->complete();
        $receipt = new Response(202, [], json_encode(['completion' => \core\uuid::generate()]));
        $this->bridge->append(self::problem(500), self::problem(400), $receipt, self::outcome());
        $sweep = courier::from_config()->sweep();
        $this->assertEquals([1, 1], [$sweep->delivered, $sweep->failed]);
        $this->assertEquals(1, self::count_rows(outbox::ATTENTION, 'rejected'));
        $paths = array_map(static fn(array $one): string => $one['request']->getUri()->getPath(), $this->sent);
        $this->assertEquals(['/moodle/batches', '/moodle/completions', '/moodle/completions', '/moodle/outcomes'], $paths);
    }

    /**
     * However many there are, they go by the hundred, and are asked about together.
     */
    public function test_many_go_together(): void {
        foreach (range(1, 103) as $i) {
            $this->complete();
        }
        $this->bridge->append(self::taken(), self::taken(), self::outcome());
        $this->assertEquals(103, courier::from_config()->sweep()->delivered);
        $this->assertCount(3, $this->sent);
        $this->assertEquals(103, self::count_rows(outbox::DELIVERED, null));
    }

    /**
     * What the bridge refuses for good is not tried again until somebody says so.
     */
    public function test_a_conflict_waits_for_a_person(): void {
        $this->complete();
        $this->bridge->append(self::taken(['status' => 409, 'problem' => ['title' => 'No']]));
        courier::from_config()->sweep();
        $this->clock->bump(WEEKSECS);
        courier::from_config()->sweep();
        $this->assertCount(1, $this->sent);
        $this->assertEquals(1, self::count_rows(outbox::ATTENTION, 'conflict'));

        outbox::retry(null, $this->clock->time());
        $this->bridge->append(self::taken(), self::outcome());
        $this->assertEquals(1, courier::from_config()->sweep()->delivered);
        $this->assertEquals($this->bodies()[0], $this->bodies()[1]);
    }

    /**
     * A wrong clock is named, with how far off it is.
     */
    public function test_a_wrong_clock_is_named(): void {
        $this->complete();
        $this->bridge->append(self::problem(401, ['server_time' => gmdate(DATE_ATOM, $this->clock->time() - 412)]));
        $reason = courier::from_config()->sweep()->reason;
        $this->assertStringContainsString('412 seconds ahead', $reason);
    }

    /**
     * Moodle's own block is a failure that names the setting, and nothing is sent.
     */
    public function test_a_blocked_address_names_the_setting(): void {
        set_config('curlsecurityallowedport', "80\n443");
        set_config('bridgeurl', 'http://192.0.2.1:8000', 'local_laurel');
        $this->complete();
        $reason = courier::from_config()->sweep()->reason;
        $this->assertStringContainsString('curlsecurityallowedport', $reason);
        $this->assertStringContainsString('8000', $reason);
        $this->assertCount(0, $this->sent);
        $this->assertEquals(1, self::count_rows(outbox::WAITING, 'blocked'));
    }

    /**
     * A learner deleted before the first attempt is told as they were when they completed the course; then, that they are gone.
     */
    public function test_a_deleted_learner_is_told_as_they_were(): void {
        $learner = $this->complete(['firstname' => 'Ana', 'lastname' => 'Andromeda']);
        delete_user($learner);
        $this->bridge->append(self::taken(), self::outcome(['state' => 'issued']));
        courier::from_config()->sweep();
        $this->assertEquals('Ana Andromeda', json_decode($this->bodies()[0])->learner->fullname);
        $this->bridge->append(self::taken(['effect' => 'nothing']));
        courier::from_config()->sweep();
        $this->assertEquals('learner-deleted', json_decode($this->bodies()[1])->change);
    }

    /**
     * What was withdrawn before the first attempt is told, and that it was withdrawn.
     */
    public function test_what_was_withdrawn_before_the_first_attempt_is_told_so(): void {
        $this->complete();
        (new \completion_info($this->course))->delete_course_completion_data();
        $this->bridge->append(self::taken(), self::outcome());
        courier::from_config()->sweep();
        $this->bridge->append(self::taken(['effect' => 'nothing']));
        courier::from_config()->sweep();
        $this->assertEquals('completion-withdrawn', json_decode($this->bodies()[1])->change);
    }

    /**
     * A reason says that it is tried again only where it is: not on the test page.
     */
    public function test_only_what_is_tried_again_says_so(): void {
        global $DB;
        $this->bridge->append(new ConnectException('refused', new Request('POST', 'https://192.0.2.1')));
        [[$well, $said]] = local\test_event::run(local\bridge::from_config(), 'data-ethics', $this->clock->time());
        $this->assertFalse($well);
        $this->assertStringNotContainsString('again', $said);
        $this->complete();
        $this->bridge->append(new ConnectException('refused', new Request('POST', 'https://192.0.2.1')));
        courier::from_config()->sweep();
        $this->assertStringContainsString('tried again', outbox::explain($DB->get_record(outbox::TABLE, [], '*', MUST_EXIST)));
    }

    /**
     * The learner hears once that the credential is there, and again when it does not hold any more.
     */
    public function test_the_learner_hears_what_became_of_it_once(): void {
        global $DB;
        $messages = $this->redirectMessages();
        $learner = $this->complete();
        $issued = ['state' => 'issued', 'award' => \core\uuid::generate()];
        $this->bridge->append(self::taken(), self::outcome($issued));
        courier::from_config()->sweep();
        $this->clock->bump(WEEKSECS);
        $this->bridge->append(self::outcome($issued));
        courier::from_config()->sweep();
        $row = $DB->get_record(outbox::TABLE, [], '*', MUST_EXIST);
        $this->assertEquals(['issued', $issued['award']], [$row->outcome, $row->award]);
        $sent = $messages->get_messages_by_component('local_laurel');
        $this->assertCount(1, $sent);
        $this->assertEquals($learner->id, reset($sent)->useridto);
        $this->assertEquals('issued', local\mine::latest((int) $learner->id, (int) $this->course->id)->stage);

        $this->clock->bump(WEEKSECS);
        $this->bridge->append(self::outcome(['credential' => ['state' => 'revoked']] + $issued));
        courier::from_config()->sweep();
        $this->assertEquals('revoked', local\mine::latest((int) $learner->id, (int) $this->course->id)->stage);
        $this->assertCount(2, $messages->get_messages_by_component('local_laurel'));
    }

    /**
     * What the bridge tells while it is being asked stands against an older answer, and the learner hears of it once.
     */
    public function test_what_is_told_while_it_is_asked_for_stands(): void {
        global $DB;
        $messages = $this->redirectMessages();
        $this->complete();
        $issued = ['state' => 'issued', 'award' => \core\uuid::generate()];
        $answer = self::outcome(['state' => 'in-flight', 'server_time' => '2026-11-23T12:37:13.000Z']);
        $crossing = function (Request $request) use ($answer, $issued): Response {
            global $DB;
            $row = $DB->get_record(outbox::TABLE, [], '*', MUST_EXIST);
            local\outcome::told($row, $issued + ['server_time' => '2026-11-23T12:37:13.100Z'], $this->clock->time());
            local\notices::tell_outcome((int) $row->id);
            return $answer($request);
        };
        $this->bridge->append(self::taken(), $crossing);
        courier::from_config()->sweep();
        $row = $DB->get_record(outbox::TABLE, [], '*', MUST_EXIST);
        $this->assertEquals(['issued', $issued['award'], 'issued'], [$row->outcome, $row->award, $row->notified]);

        $this->clock->bump(WEEKSECS);
        $this->bridge->append(self::outcome($issued + ['server_time' => '2026-11-30T12:37:13.000Z']));
        courier::from_config()->sweep();
        $this->assertCount(1, $messages->get_messages_by_component('local_laurel'));
    }

    /**
     * An answer older than what is known, of a bridge whose clocks differ, is asked for again after a pause: not all sweep long.
     */
    public function test_an_older_answer_is_asked_for_again_after_a_pause(): void {
        global $DB;
        $this->complete();
        $this->bridge->append(self::taken(), self::outcome(['state' => 'in-flight', 'server_time' => '2026-11-23T12:37:13.100Z']));
        courier::from_config()->sweep();
        $this->clock->bump(60);
        $this->bridge->append(self::outcome(['state' => 'in-flight', 'server_time' => '2026-11-23T12:37:13.000Z']));
        courier::from_config()->sweep();
        $row = $DB->get_record(outbox::TABLE, [], '*', MUST_EXIST);
        $this->assertEquals([2, $this->clock->time() + 120], [$row->polls, $row->nextpoll]);
    }

    /**
     * A corrected name is told beside the completion, once, and its effect is asked for until it is decided.
     */
    public function test_a_corrected_name_is_told_once(): void {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/user/lib.php');
        $learner = $this->complete(['firstname' => 'Ana']);
        $this->bridge->append(self::taken(), self::outcome(['state' => 'issued']));
        courier::from_config()->sweep();
        user_update_user((object) ['id' => $learner->id, 'firstname' => 'Anna'], false);
        $this->bridge->append(self::taken(), self::taken(['effect' => 'reissue']));
        courier::from_config()->sweep();
        courier::from_config()->sweep();
        $correction = $DB->get_record(outbox::TABLE, ['kind' => outbox::CORRECTION], '*', MUST_EXIST);
        $this->assertEquals('reissue', $correction->outcome);
        $told = json_decode($this->bodies()[1]);
        $this->assertEquals(['learner-corrected', 'Anna'], [$told->change, $told->learner->firstname]);
    }

    /**
     * A clock that is off shows on the status page before signatures are turned away for it.
     */
    public function test_a_clock_that_drifts_shows(): void {
        $this->complete();
        $time = gmdate(DATE_ATOM, $this->clock->time() - 90);
        $item = ['status' => 202, 'completion' => \core\uuid::generate()];
        $this->bridge->append(new Response(200, [], json_encode(['items' => [$item], 'server_time' => $time])), self::outcome());
        courier::from_config()->sweep();
        $result = (new check\clock())->get_result();
        $this->assertEquals(\core\check\result::WARNING, $result->get_status());
        $this->assertStringContainsString('90 seconds ahead', $result->get_summary());
    }

    /**
     * A new secret signs beside the one before it, for a while.
     */
    public function test_a_new_secret_signs_beside_the_one_before(): void {
        $this->setAdminUser();
        $setting = new admin\setting_secret('local_laurel/secret', '', '');
        $this->assertEquals('', $setting->write_setting('whsec_' . base64_encode(str_repeat('n', 32))));
        $this->complete();
        $this->bridge->append(self::taken(), self::outcome());
        courier::from_config()->sweep();
        $this->assertCount(2, explode(' ', $this->sent[0]['request']->getHeaderLine('webhook-signature')));
        $this->clock->bump(local\secrets::OVERLAP);
        $this->assertCount(1, local\secrets::current($this->clock->time()));
        $this->assertStringNotContainsString('whsec_', $setting->output_html($setting->get_setting()));
    }

    /**
     * Without settings nothing is sent, and nothing lost.
     */
    public function test_without_settings_everything_waits(): void {
        set_config('secret', '', 'local_laurel');
        $this->complete();
        $this->assertFalse(courier::from_config()->sweep()->configured);
        $this->assertEquals(1, self::count_rows(outbox::WAITING, null));
    }

    /**
     * The status page says what to do.
     */
    public function test_the_status_page_tells(): void {
        $check = new check\deliveries();
        $this->assertEquals(\core\check\result::OK, $check->get_result()->get_status());
        $this->complete();
        $this->bridge->append(self::problem(503));
        courier::from_config()->sweep();
        $this->assertEquals(\core\check\result::WARNING, $check->get_result()->get_status());
        $this->clock->bump(60);
        $this->bridge->append(self::taken(['status' => 422, 'problem' => ['title' => 'No', 'detail' => 'because']]));
        courier::from_config()->sweep();
        $this->assertEquals(\core\check\result::ERROR, $check->get_result()->get_status());
        $this->assertStringContainsString('No: because', $check->get_result()->get_details());
    }
}
