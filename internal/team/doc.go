// Package team knows the people who answer: agents, the teams they work in and
// the roles that say what they may do.
//
// A role is a set of permissions kept as data; which permissions there are is
// the business of package access, which also decides who may change whom.
//
// Tables: agent, role, team, team_member
package team
