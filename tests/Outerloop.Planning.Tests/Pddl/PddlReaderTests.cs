namespace Outerloop.Planning.Tests.Pddl;

public sealed class PddlReaderTests
{
    [Fact]
    public void A_domain_is_read_into_the_typed_model()
    {
        var domain = Samples.ReadDomain(Samples.Courier).Required();

        Assert.Equal("courier", domain.Name);
        Assert.Equal(["at", "loaded", "broken"], domain.Predicates.Select(p => p.Name));
        Assert.Equal(["drive", "load", "return"], domain.Actions.Select(a => a.Name));
        Assert.Equal("depot", Assert.Single(domain.Constants).Name);
        Assert.True(domain.Types.IsSubtype("van", "thing"));
        Assert.False(domain.Types.IsSubtype("thing", "van"));
    }

    [Fact]
    public void A_problem_lists_constants_and_objects_with_names_as_written()
    {
        var problem = Samples.Problem(Samples.Courier, Samples.CourierProblem);

        Assert.Equal(["depot", "Red", "box", "home"], problem.Objects.Select(o => o.Name));
        Assert.Equal(["(at Red depot)", "(at box home)"], problem.Init.Select(f => f.ToString()));
        Assert.Equal("(and (at box depot) (at Red depot))", problem.Goal.ToString());
    }

    [Theory]
    [InlineData("\r")]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void Any_line_end_will_do(string lineEnd)
    {
        var text = Samples.Courier.ReplaceLineEndings(lineEnd) + lineEnd + "; the end";

        Assert.True(Samples.ReadDomain(text).Ok);
    }

    [Fact]
    public void Sections_come_in_any_order_and_names_in_any_case()
    {
        const string text = """
            (DEFINE (DOMAIN d)
              (:action go :effect (P ?X) :parameters (?x))
              (:predicates (p ?x)))
            """;

        Assert.True(Samples.ReadDomain(text).Ok);
    }

    [Fact]
    public void A_variable_needs_no_blank_before_it() =>
        Assert.True(Samples.ReadDomain("(define(domain d)(:predicates(p?x ?y))(:action a:parameters(?x)):effect(p?x?x)))".Replace("(?x)):", "(?x):")).Ok);

    [Fact]
    public void A_byte_order_mark_is_no_error() => Assert.True(Samples.ReadDomain("\uFEFF" + Samples.Courier).Ok);

    [Fact]
    public void Names_of_different_kinds_may_coincide()
    {
        const string text = """
            (define (domain at) (:types at) (:constants at - at) (:predicates (at ?at - at)) (:functions (at))
              (:action at :parameters (?at - at) :precondition (at at) :effect (increase (at) 1)))
            """;

        Assert.True(Samples.ReadDomain(text).Ok);
    }

    [Theory]
    [InlineData("(:durative-action wait :parameters () :duration (= ?duration 1))", "durative actions")]
    [InlineData("(:process burn :effect (p))", "processes")]
    [InlineData("(:event bang :effect (p))", "events")]
    [InlineData("(:constraints (always (p)))", "trajectory constraints")]
    [InlineData("(:action a :precondition (preference x (p)))", "preferences")]
    [InlineData("(:functions (place ?x) - object) (:action a :parameters (?x) :precondition (= (place ?x) ?x))", "object fluents")]
    public void A_part_of_a_domain_that_is_not_implemented_is_listed_and_is_no_error(string section, string name)
    {
        var feature = Assert.Single(Samples.ReadDomain(Samples.Flat(section)).Required().Unsupported);

        Assert.Equal((name, 1), (feature.Name, feature.Place.Line));
    }

    [Theory]
    [InlineData("(p) (at 5 (q))", "(p)", "", "timed initial literals")]
    [InlineData("(p)", "(and (p) (preference x (q)))", "", "preferences")]
    [InlineData("(p)", "(p)", "(:constraints (always (p)))", "trajectory constraints")]
    [InlineData("(p)", "(p)", "(:metric minimize (is-violated x))", "preferences")]
    public void A_part_of_a_problem_that_is_not_implemented_is_listed_and_is_no_error(string init, string goal, string more, string name)
    {
        var problem = Samples.Problem(Samples.Flat(""), Samples.FlatProblem(init, goal, more));

        Assert.Equal(name, Assert.Single(problem.Unsupported).Name);
    }
}
