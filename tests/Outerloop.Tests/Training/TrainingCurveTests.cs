using FsCheck.Xunit;
using Outerloop.Tests.Support;
using Outerloop.Training;

namespace Outerloop.Tests.Training;

public sealed class TrainingCurveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Curve => _folder.File("1.training.csv");

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 100)]
    public bool What_is_appended_is_read_back_to_the_bit(double[] losses)
    {
        File.Delete(Curve);
        TrainingPoint[] points = [.. losses.Select((loss, i) => new TrainingPoint(i + 1, 10 * i, loss, loss / 3, i % 3 == 0 ? -loss : null))];
        Append(points);
        return TrainingCurveFile.Read(Curve).SequenceEqual(points);
    }

    /// <summary>A killed process may have told of more steps than the state has that the training goes on from, and half a line more.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    public void A_training_that_goes_on_has_each_step_once(int from)
    {
        Append([.. Enumerable.Range(1, 5).Select(step => Point(step, loss: 7))]);
        File.AppendAllText(Curve, "6,60,0.5");
        Append([.. Enumerable.Range(from, 9 - from).Select(step => Point(step, loss: 8))]);

        IReadOnlyList<TrainingPoint> read = TrainingCurveFile.Read(Curve);
        Assert.Equal(Enumerable.Range(1, 8), read.Select(point => point.Step));
        Assert.All(read, point => Assert.Equal(point.Step < from ? 7 : 8, point.Loss));
    }

    [Theory]
    [InlineData("step\n1,1,1,1,\n", 1)]
    [InlineData("step,tokens,loss,learning_rate,validation_loss\n1,1,1,1,\n1,2,1,1,\n", 3)]
    [InlineData("step,tokens,loss,learning_rate,validation_loss\n1,1,1,1\n", 2)]
    [InlineData("step,tokens,loss,learning_rate,validation_loss\n1,1,one,1,\n", 2)]
    [InlineData("step,tokens,loss,learning_rate,validation_loss\n1,1,1,1,no\n", 2)]
    [InlineData("step,tokens,loss,learning_rate,validation_loss\n-1,1,1,1,\n", 2)]
    [InlineData("\0\0\0\n\0", 1)]
    public void What_is_no_curve_is_refused_with_its_line(string text, int line)
    {
        File.WriteAllText(Curve, text);
        InputException refusal = Assert.Throws<InputException>(() => TrainingCurveFile.Read(Curve));
        Assert.StartsWith($"{Curve}:{line}: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_that_are_taken_again_while_the_file_is_open_are_there_once()
    {
        Append([Point(1, 3), Point(2, 2), Point(3, 1), Point(2, 5), Point(3, 4), Point(1, 9)]);
        Assert.Equal([Point(1, 9)], TrainingCurveFile.Read(Curve));
        Append([Point(2, 8), Point(3, 7), Point(3, 6)]);
        Assert.Equal([9, 8, 6], TrainingCurveFile.Read(Curve).Select(point => point.Loss));
    }

    [Fact]
    public void A_file_without_a_whole_line_has_no_steps()
    {
        Assert.Empty(TrainingCurveFile.Read(Curve));
        File.WriteAllText(Curve, "step,tok");
        Assert.Empty(TrainingCurveFile.Read(Curve));
    }

    [Fact]
    public void A_thinned_curve_has_the_mean_loss_of_its_stretches_and_ends_where_the_whole_one_ends()
    {
        var whole = new TrainingCurve(1, [.. Enumerable.Range(1, 10).Select(step => Point(step, loss: step) with { ValidationLoss = step == 2 ? 9 : null })]);
        TrainingCurve thinned = whole.Thinned(4);
        Assert.Equal([3, 6, 9, 10], thinned.Points.Select(point => point.Step));
        Assert.Equal([2, 5, 8, 10], thinned.Points.Select(point => point.Loss));
        Assert.Equal([9, null, null, null], thinned.Points.Select(point => point.ValidationLoss));
        Assert.Same(whole, whole.Thinned(10));
    }

    private static TrainingPoint Point(int step, double loss) => new(step, 10 * step, loss, 1e-3, null);

    private void Append(TrainingPoint[] points)
    {
        using var file = new TrainingCurveFile(Curve);
        foreach (TrainingPoint point in points)
            file.Append(new TrainingStep(point.Step, points.Length, point.Tokens, point.Loss, point.LearningRate, point.ValidationLoss));
    }
}
