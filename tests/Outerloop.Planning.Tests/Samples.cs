using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Tests;

/// <summary>Small texts of our own that tests vary.</summary>
internal static class Samples
{
    /// <summary>Parcels carried by vans between places: types, a constant, negation and equality.</summary>
    public const string Courier = """
        (define (domain courier)
          (:requirements :strips :typing :negative-preconditions :equality)
          (:types van parcel - thing place)
          (:constants depot - place)
          (:predicates
            (at ?x - thing ?p - place)
            (loaded ?c - parcel ?v - van)
            (broken ?v - van))
          (:action drive
            :parameters (?v - van ?from ?to - place)
            :precondition (and (at ?v ?from) (not (= ?from ?to)) (not (broken ?v)))
            :effect (and (at ?v ?to) (not (at ?v ?from))))
          (:action load
            :parameters (?c - parcel ?v - van ?p - place)
            :precondition (and (at ?c ?p) (at ?v ?p))
            :effect (and (loaded ?c ?v) (not (at ?c ?p))))
          (:action return
            :parameters (?c - parcel ?v - van)
            :precondition (and (loaded ?c ?v) (at ?v depot))
            :effect (and (at ?c depot) (not (loaded ?c ?v)))))
        """;

    public const string CourierProblem = """
        (define (problem one-parcel)
          (:domain courier)
          (:objects Red - van box - parcel home - place)
          (:init (at Red depot) (at box home))
          (:goal (and (at box depot) (at Red depot))))
        """;

    public const string CourierPlan = """
        (drive red depot home)
        (load box red home)
        (drive red home depot)
        (return box red)
        """;

    public static Reading<Domain> ReadDomain(string text) => PddlReader.ReadDomain(new SourceText("domain.pddl", text));

    public static Reading<Problem> ReadProblem(string text, Domain domain) =>
        PddlReader.ReadProblem(new SourceText("problem.pddl", text), domain);

    public static Problem Problem(string domain, string problem) =>
        ReadProblem(problem, ReadDomain(domain).Required()).Required();

    /// <summary>A domain without types over the nullary predicates p, q, r, with the given further sections.</summary>
    public static string Flat(string sections, string predicates = "(p) (q) (r)") =>
        $"(define (domain flat) (:predicates {predicates}) {sections})";

    public static string FlatProblem(string init, string goal, string more = "") =>
        $"(define (problem flat-1) (:domain flat) {more} (:init {init}) (:goal {goal}))";
}
