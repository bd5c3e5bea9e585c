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

use local_laurel\local\course_settings;
use local_laurel\local\history;
use local_laurel\local\outbox;

/**
 * What the plugin notes while a learner's request runs.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers \local_laurel\observer
 */
final class observer_test extends \advanced_testcase {
    /**
     * Each test changes the database.
     */
    protected function setUp(): void {
        global $CFG;
        parent::setUp();
        require_once($CFG->libdir . '/completionlib.php');
        require_once($CFG->dirroot . '/completion/completion_completion.php');
        $this->resetAfterTest();
        $this->redirectMessages();
        $this->mock_clock_with_frozen(1795437433);
        set_config('courses', "data-ethics\nDE-2026 = data-ethics", 'local_laurel');
    }

    /**
     * Somebody completes a course.
     *
     * @param string $idnumber
     * @return \completion_completion
     */
    private function complete(string $idnumber): \completion_completion {
        global $CFG;
        require_once($CFG->dirroot . '/completion/completion_completion.php');
        $course = $this->getDataGenerator()->create_course(['idnumber' => $idnumber, 'enablecompletion' => 1]);
        $user = $this->getDataGenerator()->create_and_enrol($course);
        $completion = new \completion_completion(['userid' => $user->id, 'course' => $course->id]);
        $completion->mark_complete(1795437433);
        return $completion;
    }

    /**
     * A course that is opted in leaves one row, which knows what and when.
     */
    public function test_completion_of_an_opted_in_course_is_noted(): void {
        global $DB;
        $completion = $this->complete('DE-2026');
        $row = $DB->get_record(outbox::TABLE, [], '*', MUST_EXIST);
        $this->assertEquals("course_completions:{$completion->id}", $row->episode);
        $this->assertEquals('data-ethics', $row->offering);
        $this->assertEquals([$completion->userid, $completion->course], [$row->userid, $row->courseid]);
        $this->assertEquals(1795437433, $row->timecompleted);
        $this->assertEquals(outbox::WAITING, $row->state);
        $this->assertNull($row->payload);
    }

    /**
     * A course that is not opted in leaves nothing.
     */
    public function test_other_courses_leave_nothing(): void {
        global $DB;
        $this->complete('other');
        $this->complete('');
        $this->assertEquals(0, $DB->count_records(outbox::TABLE));
    }

    /**
     * The same event again is the same episode.
     */
    public function test_an_episode_is_noted_once(): void {
        global $DB;
        $completion = $this->complete('data-ethics');
        \core\event\course_completed::create_from_completion($completion->get_record_data())->trigger();
        $this->assertEquals(1, $DB->count_records(outbox::TABLE));
    }

    /**
     * What is reset and completed again is another episode.
     */
    public function test_a_second_completion_is_an_episode_of_its_own(): void {
        global $CFG, $DB;
        require_once($CFG->libdir . '/completionlib.php');
        $first = $this->complete('data-ethics');
        (new \completion_info(get_course($first->course)))->delete_course_completion_data();
        $second = new \completion_completion(['userid' => $first->userid, 'course' => $first->course]);
        $second->mark_complete();
        $this->assertEquals(2, $DB->count_records(outbox::TABLE));
    }

    /**
     * Even an \Error, which Moodle would not catch, stays here.
     */
    public function test_nothing_reaches_the_learner(): void {
        global $DB;
        $real = $DB;
        $completion = $this->complete('other');
        $DB->set_field('course', 'idnumber', 'data-ethics', ['id' => $completion->course]);
        $event = \core\event\course_completed::create_from_completion($completion->get_record_data());
        try {
            $DB = new class {
                /**
                 * A database that is broken beyond exceptions.
                 *
                 * @param string $name
                 * @param array $arguments
                 */
                public function __call(string $name, array $arguments): never {
                    throw new \Error('broken');
                }
            };
            observer::something_reached($event);
        } finally {
            $DB = $real;
        }
        $this->assertDebuggingCalled();
        $this->assertEquals(0, $DB->count_records(outbox::TABLE));
    }

    /**
     * What a course's own settings page says counts, and the site's list does not any more.
     */
    public function test_a_course_may_say_itself_what_it_issues_for(): void {
        global $DB;
        $course = $this->getDataGenerator()->create_course(['idnumber' => 'data-ethics', 'enablecompletion' => 1]);
        $page = $this->getDataGenerator()->create_module('page', [
            'course' => $course->id, 'completion' => COMPLETION_TRACKING_MANUAL,
        ]);
        $this->opt_in($course, ['triggerkind' => 'activity', 'triggerid' => $page->cmid, 'consent' => 'claim']);
        $user = $this->getDataGenerator()->create_and_enrol($course);
        (new \completion_completion(['userid' => $user->id, 'course' => $course->id]))->mark_complete(1795437433);
        $this->assertEquals(0, $DB->count_records(outbox::TABLE));

        $cm = get_coursemodule_from_id('page', $page->cmid, 0, false, MUST_EXIST);
        $completion = new \completion_info($course);
        $completion->update_state($cm, COMPLETION_COMPLETE, $user->id);
        $completion->update_state($cm, COMPLETION_INCOMPLETE, $user->id);
        $completion->update_state($cm, COMPLETION_COMPLETE, $user->id);
        $row = $DB->get_record(outbox::TABLE, [], '*', MUST_EXIST);
        $this->assertEquals(['activity', $page->cmid, 'chosen', outbox::UNCLAIMED], [
            $row->triggerkind, $row->triggerid, $row->offering, $row->state,
        ]);
        $this->assertFalse(outbox::claim((int) $row->id, (int) get_admin()->id, 1795437434));
        $this->assertTrue(outbox::claim((int) $row->id, (int) $user->id, 1795437434));
        $this->assertEquals(outbox::WAITING, $DB->get_field(outbox::TABLE, 'state', ['id' => $row->id]));
    }

    /**
     * What the learner has not asked for yet, and does not count any more, cannot be asked for; reached again, it can.
     */
    public function test_what_was_withdrawn_cannot_be_asked_for(): void {
        global $DB;
        $course = $this->getDataGenerator()->create_course(['enablecompletion' => 1]);
        $page = $this->getDataGenerator()->create_module('page', [
            'course' => $course->id, 'completion' => COMPLETION_TRACKING_MANUAL,
        ]);
        $this->opt_in($course, ['triggerkind' => 'activity', 'triggerid' => $page->cmid, 'consent' => 'claim']);
        $user = $this->getDataGenerator()->create_and_enrol($course);
        $cm = get_coursemodule_from_id('page', $page->cmid, 0, false, MUST_EXIST);
        $completion = new \completion_info($course);
        foreach (['claim', 'notice'] as $how) {
            $completion->update_state($cm, COMPLETION_COMPLETE, $user->id);
            $id = (int) $DB->get_field(outbox::TABLE, 'id', [], MUST_EXIST);
            $completion->update_state($cm, COMPLETION_INCOMPLETE, $user->id);
            if ($how === 'claim') {
                $this->assertFalse(outbox::claim($id, (int) $user->id, 1795437434));
            } else {
                local\corrections::notice(1795437434);
            }
            $this->assertEquals(0, $DB->count_records(outbox::TABLE));
        }
        $completion->update_state($cm, COMPLETION_COMPLETE, $user->id);
        $id = (int) $DB->get_field(outbox::TABLE, 'id', [], MUST_EXIST);
        local\corrections::notice(1795437434);
        $this->assertTrue(outbox::claim($id, (int) $user->id, 1795437434));
        $this->assertTrue(outbox::claim($id, (int) $user->id, 1795437434), 'pressed twice');
    }

    /**
     * Who completed before the course was opted in is left alone, until earlier completions are asked for.
     */
    public function test_earlier_completions_are_left_alone_until_asked_for(): void {
        global $DB;
        set_config('courses', '', 'local_laurel');
        $course = $this->getDataGenerator()->create_course(['enablecompletion' => 1]);
        foreach ([1795430000, 1795431000] as $time) {
            $user = $this->getDataGenerator()->create_and_enrol($course);
            (new \completion_completion(['userid' => $user->id, 'course' => $course->id]))->mark_complete($time);
        }
        $this->opt_in($course, []);
        $settings = course_settings::of_issuing($course, 1795437433);
        $this->assertEquals(0, history::note_missing($settings, 1795437433, $settings->since));
        $this->assertEquals(2, history::count_missing($settings));
        $this->assertEquals(2, history::note_missing($settings, 1795437433));
        $this->assertEquals(0, history::note_missing($settings, 1795437433));
        $this->assertEquals(2, $DB->count_records(outbox::TABLE));
    }

    /**
     * Opt a course in, as its settings page does.
     *
     * @param \stdClass $course
     * @param array $settings
     */
    private function opt_in(\stdClass $course, array $settings): void {
        $blank = [
            'enabled' => 1, 'source' => course_settings::OFFERING, 'offering' => 'chosen', 'field' => '', 'triggerkind' => 'course',
            'triggerid' => 0, 'consent' => course_settings::AT_ONCE,
        ];
        course_settings::save($course, (object) ($settings + $blank), 2, 1795437433);
    }
}
