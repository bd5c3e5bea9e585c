@local @local_laurel
Feature: A course says whether it issues micro-credentials
  In order to let learners have micro-credentials for what they complete
  As a manager
  I need to opt a course in, and to see what was told

  Background:
    Given the following config values are set as admin:
      | enablecompletion | 1 |
    And the following "users" exist:
      | username | firstname | lastname | email               |
      | manager1 | Max       | Manager  | manager@example.com |
      | teacher1 | Terry     | Teacher  | teacher@example.com |
      | learner1 | Lee       | Learner  | learner@example.com |
    And the following "courses" exist:
      | fullname    | shortname | idnumber    | enablecompletion |
      | Data ethics | DE1       | data-ethics | 1                |
    And the following "course enrolments" exist:
      | user     | course | role           |
      | teacher1 | DE1    | editingteacher |
      | learner1 | DE1    | student        |
    And the following "activities" exist:
      | activity | course | name  | completion | completionview |
      | page     | DE1    | Pages | 2          | 1              |
    And the following "system role assigns" exist:
      | user     | role    | contextlevel |
      | manager1 | manager | System       |

  Scenario: A course is opted in for an activity, and the learner who completes it finds out on the course page
    Given I am on the "Data ethics" "course" page logged in as "manager1"
    And I navigate to "Micro-credential settings" in current page administration
    When I set the following fields to these values:
      | Micro-credentials        | 1                                            |
      | Which offering           | The course ID number is its id (data-ethics) |
      | What it is issued for    | An activity is completed                     |
      | An activity is completed | Pages                                        |
      | Learner's consent        | The learner asks for it first                |
    And I press "Save changes"
    Then I should see "This course has issued micro-credentials since"
    And I am on the "Pages" "page activity" page logged in as "learner1"
    And I am on "Data ethics" course homepage
    And I should see "You have completed this, and can have a micro-credential for it."
    And I click on "Get my micro-credential" "link"
    And I press "Get my micro-credential"
    And I should see "Your micro-credential is being prepared"
    And I am on the "Data ethics" "course" page logged in as "teacher1"
    And I navigate to "Micro-credentials" in current page administration
    And I should see "Lee Learner"
    And I should see "On its way"

  Scenario: A learner cannot say what a course issues
    Given I am on the "Data ethics" "course" page logged in as "learner1"
    Then I should not see "Micro-credential settings"

  Scenario: A manager, who sees no other plugins, looks after what has not arrived
    Given I log in as "manager1"
    When I navigate to "Reports > Laurel micro-credentials > Deliveries" in site administration
    Then I should see "0 delivered, 0 waiting"
