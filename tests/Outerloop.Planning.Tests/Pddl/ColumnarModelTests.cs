using System.Globalization;
using FsCheck.Xunit;
using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Tests.Pddl;

public sealed class ColumnarModelTests
{
    private const string Domain =
        "(define (domain d) (:types s t) (:constants Depot - s) (:predicates (p ?x) (q ?x ?y) (r)) (:functions (f ?x) (g)))";

    /// <summary>More than one piece of a column, more than one bucket of the objects.</summary>
    private const int Many = 100_000;

    [Property]
    public bool A_column_holds_what_was_added_and_not_truncated(int[] values, uint length)
    {
        var column = new Column<int>();
        foreach (var value in values)
            column.Add(value);
        var kept = (int)(length % (uint)(values.Length + 1));
        column.Truncate(kept);
        column.Add(-1);
        return column.Count == kept + 1 && Enumerable.Range(0, column.Count).Select(i => column[i]).SequenceEqual([.. values.Take(kept), -1]);
    }

    [Fact]
    public void A_long_column_can_be_truncated_at_the_borders_of_its_pieces_and_grows_again()
    {
        var column = new Column<int>();
        for (var i = 0; i < Many; i++)
            column.Add(i);
        foreach (var kept in (int[])[1 << 16, (1 << 15) + 1, 1 << 15, (1 << 15) - 1, 0])
        {
            column.Truncate(kept);
            for (var i = kept; i < Many; i++)
                column.Add(i);
            Assert.Equal(Enumerable.Range(0, Many), Enumerable.Range(0, Many).Select(i => column[i]));
        }
    }

    [Fact]
    public void Objects_are_found_by_their_names_in_any_case_and_keep_their_types()
    {
        var problem = Read($"(:objects {Words(i => $"Ob{i} - {(i % 3 == 0 ? "s" : "(either s t)")} ")} last) (:init)");

        Assert.Equal(Many + 2, problem.Objects.Length);
        Assert.Equal(new PddlObject("Depot", new TypeName(["s"]), IsConstant: true), problem.Objects[0]);
        for (var i = 0; i < Many; i++)
        {
            Assert.Equal(i + 1, problem.Objects.IndexOf($"oB{i}"));
            Assert.Equal(i % 3 == 0 ? "s" : "(either s t)", problem.Objects.TypeOf(i + 1).ToString());
        }

        Assert.Equal(new PddlObject("last", TypeName.Object), problem.Objects[Many + 1]);
        Assert.All((string[])["ob", $"ob{Many}", "dépôt", ""], name => Assert.Equal(-1, problem.Objects.IndexOf(name)));
        Assert.Throws<ArgumentOutOfRangeException>(() => problem.Objects[Many + 2]);
    }

    [Fact]
    public void Facts_and_values_come_in_the_order_written()
    {
        var problem = Read($"(:objects {Words(i => $"o{i} ")}) (:init (r) {Words(i => $"(q o{i} Depot) (p o{i}) (= (f o{i}) {i}.5) ")} (= (g) 7) (= (g) 7))");

        Assert.Equal(
            ["(r)", .. Enumerable.Range(0, Many).SelectMany(i => (string[])[$"(q o{i} Depot)", $"(p o{i})"])],
            problem.Init.Select(fact => fact.ToString()));
        Assert.Equal(
            [.. Enumerable.Range(0, Many).Select(i => string.Create(CultureInfo.InvariantCulture, $"f o{i} {i}.5")), "g  7"],
            problem.InitialValues.Select(v => $"{v.Function.Name} {string.Join(' ', v.Arguments.Select(o => o.Name))} {v.Value}"));
    }

    [Fact]
    public void Contradictions_are_found_among_many_facts_and_values()
    {
        var reading = Samples.ReadProblem(
            $"(define (problem x) (:domain d) (:objects {Words(i => $"o{i} ")}) (:goal (r)) (:init {Words(i => $"(p o{i}) (= (f o{i}) {i}) ")} (not (r)) (not (p O7)) (= (f O8) 9)))",
            Samples.ReadDomain(Domain).Required());

        Assert.Equal(["contradictory-init", "conflicting-value"], reading.Errors.Select(e => e.Code));
        Assert.Contains("(p o7)", reading.Errors[0].Message, StringComparison.Ordinal);
    }

    private static string Words(Func<int, string> word) => string.Concat(Enumerable.Range(0, Many).Select(word));

    private static Problem Read(string sections) =>
        Samples.ReadProblem($"(define (problem x) (:domain d) {sections} (:goal (r)))", Samples.ReadDomain(Domain).Required()).Required();
}
