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
        parent::setUp();
        $this->resetAfterTest();
        $this->redirectMessages();
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
            observer::course_completed($event);
        } finally {
            $DB = $real;
        }
        $this->assertDebuggingCalled();
        $this->assertEquals(0, $DB->count_records(outbox::TABLE));
    }
}
